package foreign

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"faultline/cluster/disk"
)

// declareParts says which files of a node hold what.
func (s *system) declareParts(v *disk.Volume) {
	if patterns := s.config.Description.Disk.Log; len(patterns) > 0 {
		v.Declare(disk.LogPart, matching(v.Disk(), patterns))
	}
	if patterns := s.config.Description.Disk.Snapshot; len(patterns) > 0 {
		v.Declare(disk.SnapshotPart, matching(v.Disk(), patterns))
	}
}

// matching is a part that is all files whose names match one of some patterns.
func matching(d *disk.Disk, patterns []string) disk.Stored {
	return disk.Stored{
		Has: func() bool { return len(extents(d, patterns)) > 0 },
		Flip: func(draw func(n int) int) (func() error, error) {
			all, total := extents(d, patterns), 0
			for _, e := range all {
				total += e.size
			}
			if total == 0 {
				return nil, fmt.Errorf("no file matches %q", patterns)
			}
			at := draw(total)
			for _, e := range all {
				if at < e.size {
					return d.FlipBit(e.name, 8*at+draw(8))
				}
				at -= e.size
			}
			panic("unreachable: a byte of the files was drawn")
		},
	}
}

// extent is a file with its size in bytes, which is not 0.
type extent struct {
	name string
	size int
}

// extents are the files that match one of some patterns, in order of their names.
func extents(d *disk.Disk, patterns []string) []extent {
	var all []extent
	for _, name := range d.Names() {
		matches := func(pattern string) bool {
			ok, _ := path.Match(pattern, name) // patterns were checked
			return ok
		}
		if !slices.ContainsFunc(patterns, matches) {
			continue
		}
		if content, err := d.ReadFile(name); err == nil && len(content) > 0 {
			all = append(all, extent{name, len(content)})
		}
	}
	slices.SortFunc(all, func(a, b extent) int { return cmp.Compare(a.name, b.name) })
	return all
}
