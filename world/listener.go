package world

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"time"

	"faultline/history"
)

// listener is told of a test while it runs. It is called by one goroutine at a time, and must not wait.
type listener interface {
	// progress says how far the test is, about once a second.
	progress(at time.Duration)
	// record says what happens next. The event is the caller's again when it returns.
	record(*history.Event)
}

// keeper keeps the history of a test in memory.
type keeper struct{ history history.History }

func (*keeper) progress(time.Duration) {}

func (k *keeper) record(e *history.Event) { k.history.Events = append(k.history.Events, *e) }

// reporter tells the parent of a world what happens in it, while it does, so that a world need not remember it; and has the world collected.
type reporter struct {
	history *history.Handover
	file    *os.File
	reached *os.File
	garbage collector
}

// newReporter returns the reporter of the world whose directory that is.
func newReporter(dir string) (*reporter, error) {
	reached, err := os.Create(filepath.Join(dir, progressFile))
	if err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(dir, historyFile))
	if err != nil {
		return nil, err
	}
	return &reporter{history: history.NewHandover(file), file: file, reached: reached}, nil
}

func (r *reporter) progress(at time.Duration) {
	tell(r.reached, at)
	r.garbage.look()
}

// record ends the world if nobody can be told any more, as on a disk that is full: hours of a test of which nothing stays are no use.
func (r *reporter) record(e *history.Event) {
	if err := r.history.Write(e); err != nil {
		abandon(err)
	}
}

// close ends the history. It returns what went wrong with any of it.
func (r *reporter) close() error {
	if err := r.history.Close(); err != nil {
		return err
	}
	return r.file.Close()
}

// tell writes down how far a test is. The watchdog notices if it fails.
func tell(f *os.File, at time.Duration) {
	_, _ = f.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(at)), 0)
}
