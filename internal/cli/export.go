package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/checker"
	"faultline/results/export"
)

// exportFormat is something that a run can be exported as.
type exportFormat struct {
	flag, usage string
	file        string                              // what it is called in a directory; run.<flag> if it is empty
	write       func(w io.Writer, dir string) error // of the run in a directory
}

// exportFlags are those of export.
type exportFlags struct {
	output  string
	key     string
	keyed   bool // a key was given
	during  export.Interval
	timeout time.Duration
}

// formats are all there are.
func (f *exportFlags) formats() []exportFormat {
	return []exportFormat{
		{"html", "one page with everything in it, which needs neither a server nor a network", "run.html", exportHTML},
		{"edn", "Jepsen's history, for Knossos and Elle", "history.edn", exportEDN},
		{"perfetto", "trace events, for ui.perfetto.dev: clients, nodes and faults, and messages if they were recorded", "trace.json", exportPerfetto},
		{"porcupine", "porcupine's own page of a key that is invalid", "porcupine.html", f.exportPorcupine},
		{"shiviz", "a log with vector clocks, for ShiViz, of a run whose messages were recorded", "shiviz.log", f.exportShiViz},
		{"csv", "a table of the operations", "operations.csv", exportCSV},
		{"png", "a picture of latencies, rates and faults over time, for mail and chat", "run.png", exportPNG},
	}
}

func newExport() *cobra.Command {
	f := &exportFlags{}
	formats := f.formats()
	chosen := make([]bool, len(formats))
	cmd := &cobra.Command{
		Use:   "export RUN",
		Short: "Write a stored run in another form",
		Long: `Export writes a stored run in the format that a flag names, to standard output or, with
--output, to a file. Several formats at once go to a directory.`,
		Example: `  faultline export --html latest:4 -o run.html
  faultline export --edn latest:4 -o history.edn
  faultline replay --trace latest:4
  faultline export --perfetto latest:4 -o trace.json
  faultline export --shiviz --from 12s --to 13s latest:4 -o shiviz.log
  faultline export --csv --edn --perfetto latest:4 -o exported/`,
	}
	takesRun(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		f.keyed = cmd.Flags().Changed("key")
		var wanted []exportFormat
		for i := range formats {
			if chosen[i] {
				wanted = append(wanted, formats[i])
			}
		}
		dir, err := runDir(args[0])
		if err != nil {
			return err
		}
		return f.export(cmd.OutOrStdout(), wanted, dir)
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	for i, format := range formats {
		flags.BoolVar(&chosen[i], format.flag, false, format.usage)
	}
	flags.StringVarP(&f.output, "output", "o", "", "the `file` to write, or for several forms the directory; standard output if it is not given")
	flags.StringVar(&f.key, "key", "", "for --porcupine: the `key` to show (default: the first that is invalid)")
	flags.DurationVar(&f.during.From, "from", 0, "for --shiviz: leave out what comes before this `time` of the test")
	flags.DurationVar(&f.during.To, "to", 0, "for --shiviz: leave out what comes from this `time` on; 0 for nothing")
	flags.DurationVar(&f.timeout, "check-timeout", checker.DefaultTimeout, "for --porcupine: how long the checker may take")
	return cmd
}

// export writes each form whole, or not at all.
func (f *exportFlags) export(stdout io.Writer, wanted []exportFormat, dir string) error {
	into, err := f.directory(wanted)
	if err != nil {
		return err
	}
	if f.during.To == 0 {
		f.during.To = 1<<63 - 1
	}
	for _, format := range wanted {
		var b bytes.Buffer
		err := format.write(&b, dir)
		switch {
		case err != nil:
		case f.output == "":
			_, _ = stdout.Write(b.Bytes()) // what cannot be written ends the program with an error
		case into:
			err = os.WriteFile(filepath.Join(f.output, cmp.Or(format.file, "run."+format.flag)), b.Bytes(), 0o644)
		default:
			err = os.WriteFile(f.output, b.Bytes(), 0o644)
		}
		if err != nil {
			return fmt.Errorf("export %s: %w", dir, err)
		}
	}
	return nil
}

// directory reports whether the output is one: it is there, or several forms are wanted, or its name says so.
func (f *exportFlags) directory(wanted []exportFormat) (bool, error) {
	switch info, err := os.Stat(f.output); {
	case len(wanted) == 0:
		var names []string
		for _, format := range f.formats() {
			names = append(names, "--"+format.flag)
		}
		return false, fmt.Errorf("export needs a form: %s", strings.Join(names, ", "))
	case f.output == "" && len(wanted) > 1:
		return false, errors.New("export writes one form to standard output: give --output with a directory for several")
	case f.output == "":
		return false, nil
	case err == nil && info.IsDir():
		return true, nil
	case len(wanted) > 1, os.IsPathSeparator(f.output[len(f.output)-1]):
		if err := os.MkdirAll(f.output, 0o755); err != nil {
			return false, fmt.Errorf("export to a directory: %w", err)
		}
		return true, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("export: %w", err)
	}
	return false, nil
}
