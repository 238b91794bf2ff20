package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"faultline/campaign/replay"
	"faultline/checker"
	"faultline/results"
	"faultline/results/export"
)

func exportEDN(w io.Writer, dir string) error {
	r, err := results.ReadRun(dir)
	if err != nil {
		return err
	}
	return export.EDN(w, r)
}

func exportCSV(w io.Writer, dir string) error {
	r, err := results.ReadRun(dir)
	if err != nil {
		return err
	}
	return export.CSV(w, r)
}

func exportPNG(w io.Writer, dir string) error {
	r, err := results.ReadRun(dir)
	if err != nil {
		return err
	}
	return results.WritePNG(w, r)
}

func exportPerfetto(w io.Writer, dir string) error {
	r, err := results.ReadRun(dir)
	if err != nil {
		return err
	}
	messages, err := results.ReadMessages(dir)
	if err != nil && !errors.Is(err, results.ErrNotTraced) {
		return err
	}
	return export.Perfetto(w, r, messages)
}

func (f *exportFlags) exportShiViz(w io.Writer, dir string) error {
	if f.during.From < 0 || f.during.To <= f.during.From {
		return errors.New("--from must not be negative, and --to must be later")
	}
	r, err := results.ReadRun(dir)
	if err != nil {
		return err
	}
	messages, err := results.ReadMessages(dir)
	switch {
	case errors.Is(err, results.ErrNotTraced):
		return fmt.Errorf("%w: record them with '%s replay --trace %s'", results.ErrNotTraced, program, shellQuote(dir))
	case err != nil:
		return err
	}
	return export.ShiViz(w, r, messages, f.during)
}

func (f *exportFlags) exportPorcupine(w io.Writer, dir string) error {
	run, err := replay.Open(dir, "")
	if err != nil {
		return err
	}
	examples, err := run.Counterexamples(checker.Options{Timeout: f.timeout})
	if err != nil {
		return err
	}
	var keys []string
	for i := range examples {
		if !f.keyed || examples[i].Key == f.key {
			return run.Picture(w, &examples[i])
		}
		keys = append(keys, examples[i].Key)
	}
	switch {
	case len(keys) == 0:
		return errors.New("no key is invalid, so there is nothing to show")
	default:
		return fmt.Errorf("key %q is not invalid; there are %s", f.key, strings.Join(keys, ", "))
	}
}
