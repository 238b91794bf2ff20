package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign/replay"
	"faultline/checker"
	"faultline/internal/wording"
	"faultline/results"
)

func newJudge() *cobra.Command {
	var asJSON bool
	var timeout time.Duration
	var porcupine secondOpinion
	cmd := &cobra.Command{
		Use:     "judge RUN...",
		Aliases: []string{"analyze"}, // Jepsen's
		Short:   "Judge stored runs again, by their files alone",
		Long: `Judge decides stored runs again. It runs no world: a verdict is a function of the files
of a run, so a better checker can look at old runs. A campaign stands for its kept runs.

` + aboutNames,
		Example: `  faultline judge latest:4
  faultline judge latest`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("judge takes one stored run or more, or campaigns")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := judgeAll(cmd, args, checker.Options{Timeout: timeout, SecondOpinion: porcupine.SecondOpinion}, asJSON)
			if err != nil {
				return err
			}
			if len(all) > 1 && !asJSON {
				all.print(cmd.OutOrStdout())
			}
			if n := all.count(func(j *rejudged) bool { return j.Verdict.Disputed() }); n > 0 {
				return &failure{fmt.Errorf("two checkers disagree about %s", wording.Count(n, "run"))}
			}
			return verdict(all.verdict())
		},
	}
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	cmd.Flags().DurationVar(&timeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take for a run, in real time")
	porcupine.register(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a run")
	return cmd
}

// judgeAll judges the runs that the arguments stand for, and prints each as soon as it is judged. One that cannot be judged
// is unknown, and is an error if it is alone.
func judgeAll(cmd *cobra.Command, args []string, o checker.Options, asJSON bool) (rejudgement, error) {
	var dirs []string
	for _, arg := range args {
		of, err := runDirs(arg)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, of...)
	}
	var all rejudgement
	for _, dir := range dirs {
		j, err := rejudge(cmd, dir, o)
		switch {
		case ended(cmd, err):
			return nil, &interrupted{next: commandAgain(cmd, args)}
		case err != nil && len(dirs) == 1:
			return nil, fmt.Errorf("%s: %w", dir, err)
		case err != nil:
			j = notJudged(dir, err)
		}
		all = append(all, j)
		if asJSON {
			_ = json.NewEncoder(cmd.OutOrStdout()).Encode(j) // what cannot be written ends the program with an error
		} else {
			j.print(cmd.OutOrStdout())
		}
	}
	return all, nil
}

// rejudged is a stored run that was judged again.
type rejudged struct {
	Dir           string          `json:"dir"`
	Edited        []string        `json:"edited"` // what is not as it was stored
	StoredVerdict checker.Verdict `json:"stored_verdict"`
	Verdict       checker.Verdict `json:"verdict"`

	failed bool // it could not be judged
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
	return &rejudged{Dir: dir, Edited: run.Edited, StoredVerdict: run.Stored.Verdict, Verdict: v}, nil
}

// notJudged is a run that cannot be judged again.
func notJudged(dir string, err error) *rejudged {
	then, _ := results.ReadVerdict(dir) // what cannot be read is unknown too
	return &rejudged{Dir: dir, Edited: []string{}, StoredVerdict: then, Verdict: checker.Verdict{Reason: err.Error()}, failed: true}
}

// changed is true of a run whose verdict is not what it was.
func (j *rejudged) changed() bool { return !j.failed && j.StoredVerdict.Validity != j.Verdict.Validity }

func (j *rejudged) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s: %s\n", j.Dir, headline(w, j.Verdict.Validity), j.Verdict.Reason)
	if opinion := j.Verdict.Opinion(); opinion != nil {
		fmt.Fprintf(w, "  %v\n", opinion)
	}
	if len(j.Edited) > 0 {
		fmt.Fprintf(w, "  edited, not as it was stored: %s\n", strings.Join(j.Edited, ", "))
	}
	if j.changed() {
		fmt.Fprintf(w, "  it was %v when it was run: %s\n", j.StoredVerdict.Validity, j.StoredVerdict.Reason)
	}
	findings(w, j.Verdict)
}

// rejudgement is several runs that were judged again.
type rejudgement []*rejudged

func (all rejudgement) count(is func(*rejudged) bool) int {
	n := 0
	for _, j := range all {
		if is(j) {
			n++
		}
	}
	return n
}

// verdict is that of all runs.
func (all rejudgement) verdict() checker.Validity {
	var answers []checker.Validity
	for _, j := range all {
		answers = append(answers, j.Verdict.Validity)
	}
	return checker.Merge(answers...)
}

// print sums the runs up.
func (all rejudgement) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s%s; ", headline(w, all.verdict()), wording.Count(len(all), "run"), answers(func(v checker.Validity) int {
		return all.count(func(j *rejudged) bool { return j.Verdict.Validity == v })
	}))
	failed, changed := all.count(func(j *rejudged) bool { return j.failed }), all.count((*rejudged).changed)
	if failed > 0 {
		fmt.Fprintf(w, "%d could not be judged, ", failed)
	}
	switch {
	case changed > 0:
		fmt.Fprintf(w, "%s changed since they were run\n", wording.Count(changed, "verdict"))
	case failed > 0:
		fmt.Fprintln(w, "the other verdicts are what they were when run")
	default:
		fmt.Fprintln(w, "all verdicts are what they were when run")
	}
}
