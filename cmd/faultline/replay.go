package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/checker"
	"faultline/world"
)

func newReplay() *cobra.Command {
	var schedule string
	var asJSON bool
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "replay RUN",
		Short: "Run a stored run again, and say whether it came out the same",
		Long: `Replay runs a stored run again from its spec and schedule, compares the digests of the
histories, and gives the verdict of the new one. If schedule.txt in the run's directory
was edited, or --schedule names another, it runs that instead. A run that comes out
different is stored beside the old one.`,
		Example: `  faultline replay results/runs/latest/latest
  faultline replay results/runs/latest/latest --schedule faults.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("replay takes the directory of one run, such as %s", filepath.Join("results", "runs", "latest", "latest"))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o := campaign.Options{Command: func(s world.Spec) string { return commandLine(s, schedule) }}
			r, err := campaign.Replay(cmd.Context(), args[0], schedule, o, checker.Options{Timeout: timeout})
			if err != nil {
				return err
			}
			if asJSON {
				if err := json.NewEncoder(cmd.OutOrStdout()).Encode(r); err != nil {
					return &failure{err}
				}
			} else {
				printReplay(cmd.OutOrStdout(), r)
			}
			return verdict(r.Answer())
		},
	}
	cmd.Flags().StringVar(&schedule, "schedule", "", "a `file` of faults to run in place of the stored ones")
	cmd.Flags().DurationVar(&timeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take, in real time")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func printReplay(w io.Writer, r *campaign.Replayed) {
	fmt.Fprintf(w, "%s: %s\n", strings.ToUpper(r.Verdict.Validity.String()), r.Verdict.Reason)
	switch {
	case r.Same:
		fmt.Fprintf(w, "same       digest %.16s, to the last byte\n", r.Fresh)
		return
	case r.Edited:
		fmt.Fprintf(w, "edited     the schedule is not the stored one, so this is another run\n")
	default:
		fmt.Fprintf(w, "DIFFERENT  %s\n", r.Why())
	}
	fmt.Fprintf(w, "stored     digest %.16s, %v\n", r.Stored, r.StoredVerdict.Validity)
	fmt.Fprintf(w, "now        digest %.16s, %v\n", r.Fresh, r.Verdict.Validity)
	fmt.Fprintf(w, "open       %s\n", filepath.Join(r.Dir, "index.html"))
}
