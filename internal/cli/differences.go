package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"faultline/campaign/remote"
	"faultline/internal/wording"
	"faultline/results"
)

// differences are seeds of which two workers came to different histories. Each is kept in the campaign's directory.
type differences struct {
	dir  string // empty for work without one
	tell func(string)

	mu     sync.Mutex
	count  int
	failed error
}

// differencesFile has a line for each.
const differencesFile = "different.jsonl"

// note keeps one. The run that counts is the campaign's; the other is kept next to it if it was handed over.
func (d *differences) note(found remote.Difference) {
	d.tell(fmt.Sprintf("seed %d has two histories: %.16s by worker %s counts, and worker %s came to %.16s", found.Seed, found.First, found.By, found.SecondBy, found.Second.Digest))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if d.dir == "" {
		return
	}
	if found.Run != nil {
		c, err := results.OpenCampaign(filepath.Dir(d.dir), filepath.Base(d.dir))
		if err == nil {
			found.Second.Dir, err = c.WriteRunAs(fmt.Sprintf("%s-%d-second", found.Run.Started.UTC().Format("20060102T150405.000Z"), found.Seed), found.Run)
		}
		d.failed = errors.Join(d.failed, err)
	}
	line, err := json.Marshal(found)
	if err == nil {
		err = appendTo(filepath.Join(d.dir, differencesFile), append(line, '\n'))
	}
	d.failed = errors.Join(d.failed, err)
}

func appendTo(file string, b []byte) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// err says that there are some, which is a fault of this program and not of what was tested.
func (d *differences) err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count == 0 {
		return d.failed
	}
	where := ""
	if d.dir != "" {
		where = ", see " + filepath.Join(d.dir, differencesFile)
	}
	return errors.Join(fmt.Errorf("two workers came to different histories of %s%s: a replay is not exact, please report it", wording.Count(d.count, "seed"), where), d.failed)
}
