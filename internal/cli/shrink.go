package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign/shrink"
	"faultline/checker"
	"faultline/internal/wording"
	"faultline/results"
)

// shrinkFlags are those of shrink.
type shrinkFlags struct {
	worldFlags
	time time.Duration
	json bool
}

func newShrink() *cobra.Command {
	f := &shrinkFlags{}
	cmd := &cobra.Command{
		Use:   "shrink RUN",
		Short: "Find the smallest run that fails like a stored one",
		Long: `Shrink repeats a stored run that failed, with fewer faults, clients, keys and operations
and less time, and keeps the smallest run that still fails in the same way.
A smaller run draws everything anew, so it is tried with a few other seeds too.

The result is a run like any other, stored next to the old one. If it is interrupted, or
its time is up, shrink keeps the smallest run found so far.

Exit codes: 0 shrunk, 2 interrupted too early, 254 no such run or one that is not invalid.`,
		Example: `  faultline shrink latest:4
  faultline shrink latest:4 --time 10m`,
		RunE: f.run,
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.DurationVar(&f.time, "time", 2*time.Minute, "how long to look for something smaller, in real time")
	f.registerWorlds(flags)
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	return takesRun(cmd)
}

func (f *shrinkFlags) run(cmd *cobra.Command, args []string) error {
	if err := f.validate(); err != nil {
		return err
	}
	if f.time <= 0 {
		return fmt.Errorf("time %v: give more than 0", f.time)
	}
	run, err := openRun(cmd, args[0], "")
	if err != nil {
		return err
	}
	at, err := f.place(cmd, work{name: "shrink " + args[0], programs: run.Input.Spec.Build() != "", check: f.checkOptions()})
	if err != nil {
		return err
	}
	screen := newScreen(cmd.ErrOrStderr())
	r, err := shrink.Search(cmd.Context(), run, shrink.Options{
		Pool: at.pool, Time: f.time, Command: commandLine, Told: screen.progress,
	})
	screen.clear()
	err = errors.Join(err, at.close(true))
	if r != nil {
		f.tell(cmd, r)
	}
	switch {
	case errors.Is(err, shrink.ErrNotInvalid):
		return fmt.Errorf("%s: %w", args[0], err)
	case ended(cmd, err) && r == nil:
		return &interrupted{" before the run had failed again", commandAgain(cmd, args)}
	case err != nil:
		return &failure{err}
	case r.Stopped == shrink.Interrupted && r.Dir == "":
		return &interrupted{" before anything smaller was found", commandAgain(cmd, args)}
	}
	return nil
}

func (f *shrinkFlags) tell(cmd *cobra.Command, r *shrink.Result) {
	switch r.Stopped {
	case shrink.Interrupted:
		if r.Dir != "" {
			fmt.Fprintf(cmd.ErrOrStderr(), "Interrupted. This is the smallest run found until then. Go on with: %s shrink %s\n", program, shellQuote(r.Dir))
		}
	case shrink.OutOfTime:
		fmt.Fprintf(cmd.ErrOrStderr(), "The %v are over. This is the smallest run found until then; --time gives it longer.\n", f.time)
	}
	if f.json {
		_ = json.NewEncoder(cmd.OutOrStdout()).Encode(r) // what cannot be written ends the program with an error
		return
	}
	printShrunk(cmd.OutOrStdout(), r)
}

func printShrunk(w io.Writer, r *shrink.Result) {
	headline := "SHRUNK"
	if r.Dir == "" {
		headline = "NOTHING SMALLER"
	}
	fmt.Fprintf(w, "%s: %s and %s are left, after %s in %.1f s\n\n", headline, wording.Count(r.After.Events, "fault event"),
		wording.Count(r.After.Operations, "operation"), wording.Count(r.Worlds, "world"), r.Elapsed.Seconds())
	sizes(w, r)
	schedule(w, r.Schedule)
	violations(w, r.Verdict)
	if !r.Same {
		fmt.Fprintln(w, "DIFFERENT  run once more it had another history")
	}
	if r.Dir != "" {
		name := shellQuote(results.NameOf(results.Root, r.Dir))
		fmt.Fprintf(w, "serve   %s serve %s\n", program, name)
		fmt.Fprintf(w, "replay  %s replay %s\n", program, name)
		fmt.Fprintf(w, "again   %s\n", r.Replay)
		fmt.Fprintf(w, "open    %s\n", filepath.Join(r.Dir, "index.html"))
	}
}

// sizes shows what has become less.
func sizes(w io.Writer, r *shrink.Result) {
	a, b := r.Before, r.After
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tevents\tclients\tkeys\toperations\trate\ttime limit\tseed\t")
	for _, row := range []struct {
		name string
		shrink.Size
	}{{"before", a}, {"after", b}} {
		s := row.Size
		keys := "-" // the workload has no number of them
		if s.Keys > 0 {
			keys = strconv.Itoa(s.Keys)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%d\t%g\t%v\t%d\t\n", row.name, s.Events, s.Clients, keys, s.Operations, s.Rate, s.TimeLimit, s.Seed)
	}
	_ = t.Flush() // it fails if w does, and then nobody reads this
	fmt.Fprintln(w)
}

// violations prints what is wrong: a sentence and a picture for each finding.
func violations(w io.Writer, v checker.Verdict) {
	fmt.Fprintf(w, "\n%s\n", v.Reason)
	findings(w, v)
}

func findings(w io.Writer, v checker.Verdict) {
	for _, p := range v.Parts {
		for _, f := range p.Findings {
			explain(w, p, f, len(p.Findings) > 1)
		}
	}
}

func schedule(w io.Writer, text string) {
	if text == "" {
		text = "no faults\n"
	}
	fmt.Fprintln(w, "schedule")
	for line := range strings.Lines(text) {
		fmt.Fprintf(w, "  %s", line)
	}
}
