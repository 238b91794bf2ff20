package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/checker"
	"faultline/internal/wording"
	"faultline/results"
)

// mergeFlags are those of merge.
type mergeFlags struct {
	results string
	name    string
}

func newMerge() *cobra.Command {
	f := &mergeFlags{}
	cmd := &cobra.Command{
		Use:   "merge --name NAME CAMPAIGN...",
		Short: "Make one campaign of several that ran parts of its seeds",
		Long: `Merge makes one campaign of several that each ran a range of its seeds, for example on
machines that share no server. Apart from their seeds they must have run the same, and
no seed may be missing between them. A seed that two of them ran counts once.

The campaigns stay as they are, and their kept runs are copied.
'faultline run --resume NAME' runs what is missing and reports the whole.`,
		Example: `  faultline run --seed 1 --test-count 500 --name part-0
  faultline run --seed 501 --test-count 500 --name part-1
  faultline merge --name nightly part-0 part-1
  faultline run --resume nightly`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.OutOrStdout(), args) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.name, "name", "", "the `name` of the campaign that is made")
	flags.StringVar(&f.results, "results", results.Root, "the `directory` where campaigns are kept")
	return cmd
}

func (f *mergeFlags) run(w io.Writer, args []string) error {
	switch {
	case len(args) == 0:
		return errors.New("merge takes the campaigns that ran parts of the seeds, by names or directories")
	case f.name == "":
		return errors.New("--name is missing: say what the merged campaign is to be called")
	}
	var dirs []string
	for _, arg := range args {
		dir, err := results.FindCampaign(f.results, arg)
		if err != nil {
			return err
		}
		dirs = append(dirs, dir)
	}
	dir, err := campaign.Merge(f.results, f.name, dirs)
	if errors.Is(err, campaign.ErrDifferent) {
		return &failure{fmt.Errorf("%w; if one build made both of them on one kind of machine, please report it", err)}
	}
	if err != nil {
		return err
	}
	return f.tell(w, dir)
}

// tell prints what has been merged, and how to go on.
func (f *mergeFlags) tell(w io.Writer, dir string) error {
	p, err := campaign.ReadPlan(dir)
	if err != nil {
		return &failure{err}
	}
	lines, err := results.ReadLines(dir)
	if err != nil {
		return &failure{err}
	}
	fmt.Fprintf(w, "%s: %s of %s%s\n", dir, wording.Grouped(len(lines)), wording.Count(p.Count, "run"), answers(func(v checker.Validity) int {
		n := 0
		for _, l := range lines {
			if l.Verdict == v {
				n++
			}
		}
		return n
	}))
	again := shellQuote(filepath.Base(dir))
	if f.results != results.Root {
		again += " --results " + shellQuote(f.results)
	}
	fmt.Fprintf(w, "report  %s run --resume %s\n", program, again)
	return nil
}
