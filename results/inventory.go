package results

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Stored is something that is kept below a root directory as a whole: a campaign or a comparison with its runs or, where runs have
// no record, as those of a test, a run.
type Stored struct {
	Name    string // for FindCampaign, or for FindRun
	Kind    string // "campaign", "comparison" or "run"
	Dir     string
	Runs    int       // directories of runs
	Size    int64     // bytes of its files
	Changed time.Time // when the newest of them was written
	Pinned  bool      // a user has put a file of that name there, so that it stays

	own []string // paths of what Faultline wrote, with what is in a directory before the directory
}

// pinFile is the name of the file that pins what it lies in.
const pinFile = "pinned"

// Inventory lists what is kept below a root directory, the newest first. What is no result is not among it, nor what a link
// leads to.
func Inventory(root string) ([]*Stored, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	var all []*Stored
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		dir := filepath.Join(root, e.Name())
		if kind := Holds(dir); kind != "" {
			all = append(all, &Stored{Name: e.Name(), Kind: kind, Dir: dir})
			continue
		}
		for _, run := range runsEnding(dir, "") {
			if path := filepath.Join(dir, run); CheckRun(path) == nil {
				all = append(all, &Stored{Name: NameOf(root, path), Kind: "run", Dir: path})
			}
		}
	}
	for _, s := range all {
		if err := s.survey(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b *Stored) int { return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(a.Name, b.Name)) })
	return all, nil
}

var (
	runFile = `(?:index\.html|spec\.json|schedule\.txt|history\.jsonl|verdict\.json|report\.json|track\.json|progress\.json|messages\.jsonl|` +
		`nodes/[^/]+\.log|nodes|(?:latency|rate)\.(?:svg|png)|keys/[^/]+\.html|keys|history\.html)`
	runName = `\d{8}T\d{6}(?:\.\d+)?Z-[^/]+`

	ownInRun      = regexp.MustCompile(`^` + runFile + `$`)
	ownInCampaign = regexp.MustCompile(`^(?:campaign\.jsonl?|canary\.json|index\.html|compare\.(?:json|html)|latest|queue\.id|different\.jsonl|\.nats(?:/.*)?|\.partial-.*|` + runName + `|` + runName + `/` + runFile + `)$`)
)

// survey finds out how much there is, and which files are Faultline's own.
func (s *Stored) survey() error {
	ours := ownInCampaign
	if s.Kind == "run" {
		ours, s.Runs = ownInRun, 1
	}
	err := filepath.WalkDir(s.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(s.Dir, path)
		if err != nil || name == "." {
			return err
		}
		name = filepath.ToSlash(name)
		s.Pinned = s.Pinned || d.Name() == pinFile && strings.Count(name, "/") < 2
		if !ours.MatchString(name) {
			return nil
		}
		s.own = append(s.own, path)
		if d.IsDir() && runDir.MatchString(name) && !strings.Contains(name, "/") {
			s.Runs++
		}
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() {
			s.Size += info.Size()
			if info.ModTime().After(s.Changed) {
				s.Changed = info.ModTime()
			}
		}
		return ignoreGone(err)
	})
	slices.Reverse(s.own)
	return ignoreGone(err)
}

// ignoreGone is the error unless it means that somebody else has removed a file first.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
