package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// recordFormat is the version of the layout of a run's directory. Version 1 had keys where findings are now, and no report.json.
const recordFormat = 2

// record is verdict.json: what was found, and of what.
type record struct {
	Format         int              `json:"faultline_run"`
	File           string           `json:"file,omitempty"`    // see Run.File
	Untimed        bool             `json:"untimed,omitempty"` // times are positions in the history
	Seed           uint64           `json:"seed"`
	Started        time.Time        `json:"started"`
	Replay         string           `json:"replay"`
	Digest         string           `json:"digest"`          // of the history
	ScheduleSHA256 string           `json:"schedule_sha256"` // of the schedule that the run carried out
	Nodes          []string         `json:"nodes"`           // those that have a log
	Verdict        checker.Verdict  `json:"verdict"`
	Statistics     stats.Statistics `json:"statistics"`
	Counters       []report.Counter `json:"counters"`
}

func scheduleHash(schedule string) string {
	sum := sha256.Sum256([]byte(schedule))
	return hex.EncodeToString(sum[:])
}

// indented writes a value as JSON for people.
func indented(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
}

// readJSON reads a file that holds one value. Its errors name the file and, if it is damaged, the line.
func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fileError(path, err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s:%d: %w", path, errorLine(b, err), err)
	}
	return nil
}

// fileError says which file is missing or cannot be read.
func fileError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing: %w", path, fs.ErrNotExist)
	}
	return err // os names the file
}

// errorLine is the line of a JSON text that an error is about, counted from 1.
func errorLine(b []byte, err error) int {
	offset := int64(len(b))
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	case json.Valid(b):
		return 1 // a value refused itself and did not say where
	}
	return 1 + bytes.Count(b[:min(offset, int64(len(b)))], []byte("\n"))
}
