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
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
	"faultline/results"
)

// Line is what campaign.jsonl holds of one run.
type Line struct {
	Seed       uint64           `json:"seed"`
	Verdict    checker.Validity `json:"verdict"`
	Rule       string           `json:"rule,omitempty"` // what is broken or not known; empty if it is valid, and in lines of earlier versions
	Reason     string           `json:"reason"`
	Digest     string           `json:"digest"`
	Replay     string           `json:"replay"`     // how well it can be repeated
	Dir        string           `json:"dir"`        // in the campaign's directory; empty if its files were not kept
	Virtual    time.Duration    `json:"virtual_ns"` // how much of the world's time passed
	Wall       time.Duration    `json:"wall_ns"`    // and of ours
	Statistics stats.Statistics `json:"statistics"`
	Counters   []report.Counter `json:"counters"`
	Coverage   results.Coverage `json:"coverage"`
}

// journal is campaign.jsonl while it is written. A line is one write to the end of the file, so a kill
// leaves whole lines and at most a piece of one at the end, which the next start cuts off.
type journal struct {
	path   string
	file   *os.File
	failed error // of the first line that could not be written
}

// ErrRunning means that another process runs the campaign.
var ErrRunning = errors.New("is being run by another process")

func openJournal(path string) (*journal, []Line, error) {
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

func (j *journal) read() ([]Line, error) {
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
	return parseLines(j.path, b[:whole])
}

func parseLines(path string, b []byte) ([]Line, error) {
	var lines []Line
	seen := map[uint64]int{}
	for n := 1; len(b) > 0; n++ {
		text, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		var l Line
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("%s:%d: the line is damaged: %w; delete it to have its run repeated", path, n, err)
		}
		if first, ok := seen[l.Seed]; ok {
			return nil, fmt.Errorf("%s:%d: seed %d is on line %d already; delete one of the two", path, n, l.Seed, first)
		}
		seen[l.Seed] = n
		lines = append(lines, l)
	}
	return lines, nil
}

// append adds a line. After one that failed it adds no other: a piece of it may be there, and only at the
// end of the file is it known for what it is.
func (j *journal) append(l Line) error {
	b, err := json.Marshal(l)
	if err == nil && j.failed == nil {
		_, j.failed = j.file.Write(append(b, '\n'))
	}
	if err = errors.Join(err, j.failed); err != nil {
		return fmt.Errorf("record seed %d: %w", l.Seed, err)
	}
	return nil
}

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
