package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/campaign/replay"
	"faultline/checker"
)

func newJudge() *cobra.Command {
	var asJSON bool
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "judge RUN...",
		Short: "Judge stored runs again, by their files alone",
		Long: `Judge gives the verdict about stored runs again. It runs no world: a verdict is a function
of the files of a run, so a better checker can look at old runs. A campaign stands for
all of its runs that were kept.`,
		Example: `  faultline judge results/runs/latest/latest
  faultline judge results/runs/latest`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("judge takes one stored run or more, or campaigns")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var answers []checker.Validity
			for _, arg := range args {
				dirs, err := campaign.StoredRuns(arg)
				if err != nil {
					return err
				}
				for _, dir := range dirs {
					j, err := rejudge(cmd, dir, checker.Options{Timeout: timeout})
					if ended(cmd, err) {
						return &interrupted{next: commandAgain(cmd, args)}
					}
					if err != nil {
						return err
					}
					answers = append(answers, j.Verdict.Validity)
					if asJSON {
						_ = json.NewEncoder(cmd.OutOrStdout()).Encode(j) // what cannot be written ends the program with an error
					} else {
						j.print(cmd.OutOrStdout())
					}
				}
			}
			return verdict(checker.Merge(answers...))
		},
	}
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	cmd.Flags().DurationVar(&timeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take for a run, in real time")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a run")
	return cmd
}

// rejudged is a stored run that was judged again.
type rejudged struct {
	Dir           string          `json:"dir"`
	StoredVerdict checker.Verdict `json:"stored_verdict"`
	Verdict       checker.Verdict `json:"verdict"`
}

func rejudge(cmd *cobra.Command, dir string, o checker.Options) (*rejudged, error) {
	run, err := replay.Open(dir, "")
	if err != nil {
		return nil, err
	}
	v, err := run.Judge(cmd.Context(), o)
	if err != nil {
		return nil, err
	}
	return &rejudged{Dir: dir, StoredVerdict: run.Stored.Verdict, Verdict: v}, nil
}

func (j *rejudged) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s: %s\n", j.Dir, strings.ToUpper(j.Verdict.Validity.String()), j.Verdict.Reason)
	if then := j.StoredVerdict; then.Validity != j.Verdict.Validity {
		fmt.Fprintf(w, "  it was %v when it was run: %s\n", then.Validity, then.Reason)
	}
	findings(w, j.Verdict)
}
