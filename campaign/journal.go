package campaign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"faultline/results"
)

// journal is campaign.jsonl while it is written. A line is one write to the end of the file, so a kill
// leaves whole lines and at most a piece of one at the end, which the next start cuts off.
type journal struct {
	path   string
	file   *os.File
	failed error // of the first line that could not be written
}

// ErrRunning means that another process runs the campaign.
var ErrRunning = errors.New("is being run by another process")

func openJournal(path string) (*journal, []results.Line, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, nil, fmt.Errorf("open the campaign's record: %w", err)
	}
	j := &journal{path: path, file: f}
	if err := lockFile(f); err != nil {
		j.close()
		return nil, nil, fmt.Errorf("campaign %s %w", filepath.Dir(path), err)
	}
	lines, err := j.read()
	if err != nil {
		j.close()
		return nil, nil, err
	}
	return j, lines, nil
}

func (j *journal) read() ([]results.Line, error) {
	b, err := os.ReadFile(j.path)
	if err != nil {
		return nil, fmt.Errorf("read the campaign's record: %w", err)
	}
	whole := bytes.LastIndexByte(b, '\n') + 1
	if whole < len(b) {
		if err := j.file.Truncate(int64(whole)); err != nil {
			return nil, fmt.Errorf("cut an unfinished line off %s: %w", j.path, err)
		}
	}
	return results.ParseLines(j.path, b[:whole])
}

// append adds a line. After one that failed it adds no other: a piece of it may be there, and only at the
// end of the file is it known for what it is.
func (j *journal) append(l results.Line) error {
	b, err := json.Marshal(l)
	if err == nil && j.failed == nil {
		_, j.failed = j.file.Write(append(b, '\n'))
	}
	if err = errors.Join(err, j.failed); err != nil {
		return fmt.Errorf("record seed %d: %w", l.Seed, err)
	}
	return nil
}

// clear removes all lines.
func (j *journal) clear() error { return j.file.Truncate(0) }

func (j *journal) close() {
	if j.file != nil {
		_ = j.file.Close() // every line was written when it was appended
		j.file = nil
	}
}

// runDir matches the name of a run's directory, which ends in its seed.
var runDir = regexp.MustCompile(`^\d{8}T\d{6}.*-(\d+)$`)

// dropOrphans removes stored runs that have no line: the process was killed between the two. They will
// be run again, to the same bytes.
func (c *Campaign) dropOrphans() error {
	entries, err := os.ReadDir(c.Dir())
	if err != nil {
		return err
	}
	counted := map[string]bool{}
	for _, l := range c.lines {
		counted[l.Dir] = true
	}
	left := map[uint64]bool{}
	for _, seed := range c.seedsLeft() {
		left[seed] = true
	}
	for _, e := range entries {
		m := runDir.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() || counted[e.Name()] {
			continue
		}
		if seed, err := strconv.ParseUint(m[1], 10, 64); err == nil && left[seed] {
			if err := os.RemoveAll(filepath.Join(c.Dir(), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
