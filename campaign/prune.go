package campaign

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"faultline/results"
)

// Limits bound the results below a directory. A zero is no limit.
type Limits struct {
	Age   time.Duration // since they were written
	Count int           // how many there may be
	Size  int64         // bytes that all of them may take
}

// Pruning is what becomes of something that is stored.
type Pruning struct {
	*results.Stored
	Goes bool     // it is removed; otherwise something holds it although it is over a limit
	Why  string   // it goes or stays
	Left []string // paths of files in it that are not results, which stay
}

// Prune removes the results below root that are over a limit at a time; the newest stay. What is pinned stays too, and so does a
// campaign that is being run. Prune returns what is over a limit, the newest first. With dryRun it removes nothing.
func Prune(root string, l Limits, now time.Time, dryRun bool) ([]*Pruning, error) {
	all, err := results.Inventory(root)
	if err != nil {
		return nil, err
	}
	var over []*Pruning
	var size int64
	for i, s := range all {
		size += s.Size
		why := l.exceeded(i, now.Sub(s.Changed), size)
		if why == "" {
			continue
		}
		p := &Pruning{Stored: s, Why: why, Goes: true}
		over = append(over, p)
		if err := p.remove(dryRun); err != nil {
			return over, err
		}
		if p.Goes {
			size -= s.Size
		}
	}
	if dryRun {
		return over, nil
	}
	return over, results.MendLatest(root)
}

// exceeded says which limit a result is over, if any: newer is the number of results that are newer than it, size what they and
// it take, without those that go.
func (l Limits) exceeded(newer int, age time.Duration, size int64) string {
	switch {
	case l.Age > 0 && age > l.Age:
		return "too old"
	case l.Count > 0 && newer >= l.Count:
		return "too many"
	case l.Size > 0 && size > l.Size:
		return "too large"
	default:
		return ""
	}
}

// remove removes the result unless something holds it. A campaign is locked meanwhile, so that nobody goes on with it.
func (p *Pruning) remove(dryRun bool) error {
	if p.Pinned {
		p.Why, p.Goes = "pinned", false
		return nil
	}
	if p.Kind == "campaign" {
		unlock, err := lock(p.Dir)
		switch {
		case errors.Is(err, ErrRunning):
			p.Why, p.Goes = "being run", false
			return nil
		case err != nil:
			return err
		}
		defer unlock()
	}
	if dryRun {
		return nil
	}
	var err error
	p.Left, err = p.Remove()
	return err
}

// lock keeps others from running the campaign in a directory.
func lock(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, results.RecordFile), os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist): // it never began
		return func() {}, nil
	case err != nil:
		return nil, err
	}
	unlock = func() { _ = f.Close() } // nothing was written
	if err := lockFile(f); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}
