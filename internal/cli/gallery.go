package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign/gallery"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
)

// galleryFlags are those of gallery.
type galleryFlags struct {
	specFlags
	worldFlags
	count int
	json  bool
}

func newGallery(kind cluster.Kind) *cobra.Command {
	f := &galleryFlags{specFlags: specFlags{kind: kind}}
	cmd := &cobra.Command{
		Use:   "gallery [BUG...]",
		Short: "Plant bugs, and find out how soon each is found",
		Long: `Gallery plants each bug of the gallery, or each of those named, and runs seeds until one
finds it. It exits with 1 if a bug was not found. The bugs are those of 'faultline list bugs'.
A bug that needs another workload gets it unless --workload says otherwise. Each kind
of system (--system) has its own bugs.`,
		Example: `  faultline gallery
  faultline gallery log-not-synced torn-snapshot --test-count 20`,
		ValidArgsFunction: cobra.FixedCompletions(kind.BugNames(), cobra.ShellCompDirectiveNoFileComp),
		RunE:              f.run,
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.register(flags)
	flags.IntVar(&f.count, "test-count", 300, "number of seeds for each bug, at most")
	f.registerWorlds(flags)
	flags.BoolVar(&f.json, "json", false, "print one JSON object a bug, and no table")
	f.complete(cmd)
	return cmd
}

func (f *galleryFlags) run(cmd *cobra.Command, names []string) error {
	h, err := f.hunt()
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := f.kind.Bug(name); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		names = f.kind.BugNames()
	}
	if err := h.Validate(names...); err != nil {
		return err
	}
	if h.Spec, err = withPrograms(cmd, h.Spec); err != nil {
		return err
	}
	at, err := f.place(cmd, work{name: "gallery", programs: h.Spec.Build() != "", check: f.checkOptions()})
	if err != nil {
		return err
	}
	h.Pool = at.pool
	finds, err := f.seek(cmd, h, names)
	err = errors.Join(err, at.close(true))
	if !f.json {
		printFinds(cmd.OutOrStdout(), finds)
	}
	missed := slices.ContainsFunc(finds, func(c *gallery.Catch) bool { return !c.Found })
	switch {
	case ended(cmd, err):
		return &interrupted{fmt.Sprintf(" after %d of %d bugs", len(finds), len(names)), commandAgain(cmd, names[len(finds):])}
	case err != nil:
		return &failure{err}
	case missed:
		return verdict(checker.Invalid)
	}
	return nil
}

// seek looks for one bug after the other, and tells of each.
func (f *galleryFlags) seek(cmd *cobra.Command, h *gallery.Hunt, names []string) (finds []*gallery.Catch, err error) {
	screen := newScreen(cmd.ErrOrStderr())
	defer screen.clear()
	for i, name := range names {
		h.Told = func(p trial.Progress) {
			p.What = fmt.Sprintf("bug %d of %d: %s", i+1, len(names), p.What)
			screen.progress(p)
		}
		h.Told(trial.Progress{What: name})
		found, err := h.Seek(cmd.Context(), name)
		if err != nil {
			return finds, err
		}
		screen.clear()
		finds = append(finds, found)
		if f.json {
			_ = json.NewEncoder(cmd.OutOrStdout()).Encode(found) // what cannot be written ends the program with an error
		}
	}
	return finds, nil
}

// hunt is what the flags say. Its errors are the user's to mend.
func (f *galleryFlags) hunt() (*gallery.Hunt, error) {
	if err := f.validate(); err != nil {
		return nil, err
	}
	spec, err := f.parse()
	if err != nil {
		return nil, err
	}
	return &gallery.Hunt{Spec: spec, Count: f.count, Plant: f.plant}, nil
}

func printFinds(w io.Writer, finds []*gallery.Catch) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "bug\tseed\truns\tvirtual\twall\twhat was violated")
	missed, walls := 0, []time.Duration(nil)
	for _, f := range finds {
		seed, reason := strconv.FormatUint(f.Seed, 10), f.Reason
		if !f.Found {
			missed++
			seed, reason = "-", "NOT FOUND; the last run: "+f.Reason
		}
		walls = append(walls, f.Wall)
		fmt.Fprintf(t, "%s\t%s\t%d\t%.0fs\t%.1fs\t%s\n", f.Bug, seed, f.Runs, f.Virtual.Seconds(), f.Wall.Seconds(), reason)
	}
	_ = t.Flush() // it fails if w does, and then nobody reads this
	if len(walls) > 0 {
		slices.Sort(walls)
		fmt.Fprintf(w, "\n%d of %d bugs were found; median %.1fs, slowest %.1fs\n", len(finds)-missed, len(finds),
			walls[len(walls)/2].Seconds(), walls[len(walls)-1].Seconds())
	}
}
