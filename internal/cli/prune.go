package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/internal/wording"
	"faultline/results"
)

// pruneFlags are those of prune.
type pruneFlags struct {
	age     age
	count   int
	size    size
	results string
	dryRun  bool
}

func newPrune() *cobra.Command {
	f := &pruneFlags{}
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove old results",
		Long: `Prune removes campaigns and comparisons with all their runs, and the runs of tests, that
exceed any of the given limits. The newest stay.

A result with a file named pinned in its directory also stays, and so does a campaign
that is still running. Files that Faultline did not write are never removed.`,
		Example: `  faultline prune --older-than 30d --dry-run
  faultline prune --keep 20 --max-size 2GB
  touch results/runs/latest/pinned`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return f.run(cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(&f.age, "older-than", "remove what is older, such as 12h or 30d")
	flags.IntVar(&f.count, "keep", 0, "keep this many, the newest, and remove the others")
	flags.Var(&f.size, "max-size", "remove the oldest until the rest takes no more than this, such as 500MB or 2GB")
	flags.StringVar(&f.results, "results", results.Root, "the `directory` where they are kept")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would be removed, and remove nothing")
	return cmd
}

func (f *pruneFlags) run(w io.Writer) error {
	limits := campaign.Limits{Age: time.Duration(f.age), Count: f.count, Size: int64(f.size)}
	switch {
	case f.count < 0:
		return fmt.Errorf("keep %d: give 1 or more", f.count)
	case limits == campaign.Limits{}:
		return errors.New("prune needs a limit: --older-than, --keep or --max-size")
	}
	over, err := campaign.Prune(f.results, limits, time.Now(), f.dryRun)
	if errors.Is(err, fs.ErrNotExist) && over == nil {
		return fmt.Errorf("there is no directory %s", f.results)
	}
	f.print(w, over)
	if err != nil {
		return &failure{err}
	}
	return nil
}

// print lists what is over a limit, and sums up.
func (f *pruneFlags) print(w io.Writer, over []*campaign.Pruning) {
	did := "removed"
	if f.dryRun {
		did = "would be removed"
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	removed, bytes, left := 0, int64(0), []string(nil)
	for _, p := range over {
		what := "stays"
		if p.Goes {
			what = did
			removed++
			bytes += p.Size
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s: %s\n", p.Name, p.Kind, p.Changed.Format(time.DateTime), wording.Count(p.Runs, "run"), size(p.Size), what, p.Why)
		left = append(left, p.Left...)
	}
	_ = t.Flush() // it fails if w does, and then nobody reads this
	for _, path := range left {
		fmt.Fprintf(w, "%s stays: it is not a result\n", path)
	}
	fmt.Fprintf(w, "%s %s", wording.Grouped(removed), did)
	if bytes > 0 {
		fmt.Fprintf(w, ", %s", size(bytes))
	}
	fmt.Fprintln(w)
}

// age is the flag of a time that may be given in days.
type age time.Duration

func (a *age) String() string {
	if *a == 0 {
		return ""
	}
	return time.Duration(*a).String()
}

func (a *age) Type() string { return "age" }

func (a *age) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n float64
		n, err = strconv.ParseFloat(days, 64)
		d = time.Duration(n * float64(24*time.Hour))
	}
	if err == nil && d <= 0 {
		err = errors.New("more than nothing is needed")
	}
	*a = age(d)
	return err
}

// size is the flag of a number of bytes.
type size int64

// sizeUnits are those that people use for disks, the largest first.
var sizeUnits = []struct {
	name  string
	bytes float64
}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}}

func (s size) String() string {
	if s == 0 {
		return ""
	}
	for _, unit := range sizeUnits {
		if float64(s) >= unit.bytes {
			return fmt.Sprintf("%.4g %s", float64(s)/unit.bytes, unit.name)
		}
	}
	return ""
}

func (s *size) Type() string { return "size" }

func (s *size) Set(text string) error {
	for _, unit := range sizeUnits {
		if len(text) > len(unit.name) && strings.EqualFold(text[len(text)-len(unit.name):], unit.name) {
			n, err := strconv.ParseFloat(strings.TrimSpace(text[:len(text)-len(unit.name)]), 64)
			if bytes := n * unit.bytes; err == nil && (bytes < 1 || bytes > math.MaxInt64/2 || math.IsNaN(bytes)) {
				err = errors.New("no such size")
			} else {
				*s = size(bytes)
			}
			return err
		}
	}
	return errors.New("a unit is missing")
}
