package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign/replay"
	"faultline/campaign/trial"
	"faultline/checker"
)

func newReplay() *cobra.Command {
	var schedule string
	var asJSON bool
	var timeout time.Duration
	var porcupine secondOpinion
	var memory int
	var trace bool
	cmd := &cobra.Command{
		Use:   "replay RUN",
		Short: "Run a stored run again, and say whether it came out the same",
		Long: `Replay runs a stored run again from its spec and schedule, compares the digests of the
histories, and gives the verdict of the new one. If schedule.txt in the run's directory
was edited, or --schedule names another file, it runs that instead. A run that comes out
different is stored next to the old one.

With --trace the messages between clients and nodes are stored too, with the old run if
the new one is the same. Recording them does not change what happens.`,
		Example: `  faultline replay latest:4
  faultline replay latest:4 --schedule faults.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			bounds, err := bounds(memory)
			if err != nil {
				return err
			}
			run, err := openRun(cmd, args[0], schedule)
			if err != nil {
				return err
			}
			runner := trial.Local{Bounds: bounds, Check: checker.Options{Timeout: timeout, SecondOpinion: porcupine.SecondOpinion}}
			r, err := run.Replay(cmd.Context(), runner, replay.Options{Command: commandLine, Trace: trace})
			if r != nil && asJSON {
				_ = json.NewEncoder(cmd.OutOrStdout()).Encode(r) // what cannot be written ends the program with an error
			} else if r != nil {
				printReplay(cmd.OutOrStdout(), r)
			}
			switch {
			case ended(cmd, err) && r == nil:
				return &interrupted{next: commandAgain(cmd, args)}
			case err != nil:
				return &failure{err}
			case r.Verdict.Disputed():
				return &failure{errors.New(r.Verdict.Reason)}
			}
			return verdict(r.Answer())
		},
	}
	cmd.Flags().StringVar(&schedule, "schedule", "", "a `file` of faults to run instead of the stored ones")
	cmd.Flags().DurationVar(&timeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take, in real time")
	porcupine.register(cmd.Flags())
	cmd.Flags().IntVar(&memory, "memory", defaultMemory, "how large the world may grow, in MiB")
	cmd.Flags().BoolVar(&trace, "trace", false, "record all messages, and store them with the run")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return takesRun(cmd)
}

func printTraced(w io.Writer, t *replay.Traced) {
	if t == nil {
		return
	}
	fmt.Fprintf(w, "trace      %d messages, %s\n", t.Messages, filepath.Join(t.Dir, "messages.jsonl"))
	if t.Missed > 0 {
		fmt.Fprintf(w, "           it ends early: there was no room for the last %d writes\n", t.Missed)
	}
}

func printReplay(w io.Writer, r *replay.Result) {
	fmt.Fprintf(w, "%s: %s\n", headline(w, r.Verdict.Validity), r.Verdict.Reason)
	defer printTraced(w, r.Traced)
	if opinion := r.Verdict.Opinion(); opinion != nil {
		fmt.Fprintf(w, "checked    %v\n", opinion)
	}
	if cause := r.Verdict.Shown().Cause; cause != "" {
		fmt.Fprintf(w, "cause      %s\n", cause)
	}
	if len(r.Edited) > 0 {
		fmt.Fprintf(w, "edited     not as it was stored: %s\n", strings.Join(r.Edited, ", "))
	}
	switch {
	case r.Crashed:
		fmt.Fprintln(w, "same       it crashed again, and left no history to compare")
		return
	case r.Same:
		fmt.Fprintf(w, "same       digest %.16s, to the last byte\n", r.Digest)
		return
	case r.Why != "":
		fmt.Fprintf(w, "DIFFERENT  %s\n", r.Why)
	}
	fmt.Fprintf(w, "stored     digest %.16s, %v\n", r.StoredDigest, r.StoredVerdict.Validity)
	fmt.Fprintf(w, "now        digest %.16s, %v\n", r.Digest, r.Verdict.Validity)
	if r.Dir != "" {
		fmt.Fprintf(w, "open       %s\n", filepath.Join(r.Dir, "index.html"))
	}
}
