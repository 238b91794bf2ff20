package serve

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"faultline/results"
)

// deepest bounds how far below the root anything is looked for.
const deepest = 6

// catalog finds what is in the directory. It reads what it lists again only if the files have changed.
type catalog struct {
	files fs.FS
	audit *audit

	mu        sync.Mutex
	campaigns map[string]*campaignEntry // by path, as they were last read
}

// contents are what is in the directory, the newest first.
type contents struct {
	Campaigns   []*campaignEntry
	Runs        []*runEntry
	Comparisons []comparisonEntry
}

// comparisonEntry is a directory with a page that compares campaigns.
type comparisonEntry struct {
	Path    string
	Changed time.Time
}

// all lists everything.
func (c *catalog) all() (*contents, error) {
	all := &contents{}
	err := fs.WalkDir(c.files, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && p == ".":
			return err
		case err != nil:
			return fs.SkipDir // gone, or not for us
		case !d.IsDir():
			return nil
		case strings.HasPrefix(d.Name(), ".") && p != ".", strings.Count(p, "/") > deepest:
			return fs.SkipDir
		}
		return c.enter(p, all)
	})
	slices.SortFunc(all.Campaigns, func(a, b *campaignEntry) int { return newer(a.Changed, b.Changed, a.Path, b.Path) })
	slices.SortFunc(all.Runs, func(a, b *runEntry) int { return newer(a.Started, b.Started, a.Path, b.Path) })
	slices.SortFunc(all.Comparisons, func(a, b comparisonEntry) int { return newer(a.Changed, b.Changed, a.Path, b.Path) })
	return all, err
}

func newer(a, b time.Time, pathA, pathB string) int {
	return cmp.Or(b.Compare(a), cmp.Compare(pathB, pathA))
}

// enter lists what a directory is. What is below a run is part of it.
func (c *catalog) enter(p string, to *contents) error {
	switch c.kind(p) {
	case isRun:
		to.Runs = append(to.Runs, c.run(p))
		return fs.SkipDir
	case isCampaign:
		to.Campaigns = append(to.Campaigns, c.campaign(p))
	case isComparison:
		if info, err := fs.Stat(c.files, path.Join(p, results.ComparisonPage)); err == nil {
			to.Comparisons = append(to.Comparisons, comparisonEntry{Path: p, Changed: info.ModTime()})
		}
	}
	return nil
}
