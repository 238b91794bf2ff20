package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// exportFormat is something that a run can be exported as.
type exportFormat struct {
	flag, usage string
	write       func(w io.Writer, dir string) error // of the run in a directory
}

// exportFormats are all there are.
func exportFormats() []exportFormat { return []exportFormat{htmlExport} }

func newExport() *cobra.Command {
	formats := exportFormats()
	chosen := make([]bool, len(formats))
	var output string
	cmd := &cobra.Command{
		Use:   "export RUN",
		Short: "Write a stored run in another form",
		Long: `Export writes a stored run in the form that a flag names, to standard output or, with
--output, to a file.`,
		Example: `  faultline export --html results/runs/latest/latest --output run.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var format *exportFormat
			var names []string
			for i := range formats {
				names = append(names, "--"+formats[i].flag)
				if chosen[i] && format != nil {
					return errors.New("export writes one form at a time")
				} else if chosen[i] {
					format = &formats[i]
				}
			}
			if format == nil {
				return fmt.Errorf("export needs a form: %s", strings.Join(names, ", "))
			}
			return export(cmd, format, args[0], output)
		},
	}
	for i, f := range formats {
		cmd.Flags().BoolVar(&chosen[i], f.flag, false, f.usage)
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the `file` to write; standard output if it is not given")
	return takesRun(cmd)
}

// export writes nothing unless it can write all.
func export(cmd *cobra.Command, format *exportFormat, dir, output string) error {
	var b bytes.Buffer
	if err := format.write(&b, dir); err != nil {
		return fmt.Errorf("export %s: %w", dir, err)
	}
	if output == "" {
		_, _ = cmd.OutOrStdout().Write(b.Bytes()) // what cannot be written ends the program with an error
		return nil
	}
	if err := os.WriteFile(output, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("export %s: %w", dir, err)
	}
	return nil
}
