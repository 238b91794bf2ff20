package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestErrorsAreThoseOfTheOperatingSystem(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		f := create(t, v, "log", "one")
		closed := create(t, v, "vote", "n1")
		check(t, closed.Close())
		for what, c := range map[string]struct {
			do   func() error
			want error
		}{
			"open":              {func() error { _, err := v.Open("none"); return err }, fs.ErrNotExist},
			"make what is":      {func() error { _, err := v.OpenFile("log", os.O_CREATE|os.O_EXCL); return err }, fs.ErrExist},
			"no name":           {func() error { _, err := v.Create(""); return err }, fs.ErrInvalid},
			"no path":           {func() error { _, err := v.Create("a//b"); return err }, fs.ErrInvalid},
			"no directory":      {func() error { _, err := v.Create("a/b"); return err }, fs.ErrNotExist},
			"read a file":       {func() error { _, err := v.ReadFile("none"); return err }, fs.ErrNotExist},
			"rename":            {func() error { return v.Rename("none", "log") }, fs.ErrNotExist},
			"remove":            {func() error { return v.Remove("none") }, fs.ErrNotExist},
			"remove from aside": {func() error { return d.Remove("none") }, fs.ErrNotExist},
			"read behind":       {func() error { _, err := f.ReadAt(make([]byte, 4), 0); return err }, io.EOF},
			"read before":       {func() error { _, err := f.ReadAt(make([]byte, 4), -1); return err }, fs.ErrInvalid},
			"write before":      {func() error { _, err := f.WriteAt([]byte("x"), -1); return err }, fs.ErrInvalid},
			"truncate":          {func() error { return f.Truncate(-1) }, fs.ErrInvalid},
			"write when closed": {func() error { _, err := closed.Write([]byte("x")); return err }, fs.ErrClosed},
			"sync when closed":  {closed.Sync, fs.ErrClosed},
			"close twice":       {closed.Close, fs.ErrClosed},
		} {
			if err := c.do(); !errors.Is(err, c.want) && !(c.want == fs.ErrInvalid && errors.Is(err, syscall.EINVAL)) {
				t.Errorf("%s: %v, want %v", what, err, c.want)
			}
		}
		expect(t, "the disk has", files(d), "log: one; vote: n1")
	})
}

// A sync covers what was written before it began, and not what is written while it goes on.
func TestASyncCoversWhatWasWrittenBeforeItBegan(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		f := create(t, v, "log", "one")
		check(t, v.SyncDir("."))
		finish := f.StartSync()
		add(t, f, "two")
		check(t, finish())
		check(t, v.PowerLoss())
		expect(t, "the disk has", files(d), "log: one")
	})
}

// TestAFileThatLostItsNameIsThereForWhoHasIt.
func TestAFileThatLostItsNameIsThereForWhoHasIt(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		old := create(t, v, "log", "one")
		create(t, v, "new", "two")
		check(t, v.Rename("new", "log"))
		add(t, old, "more")
		b := make([]byte, 7)
		_, err := old.ReadAt(b, 0)
		check(t, err)
		expect(t, "the old file", string(b), "onemore")
		expect(t, "the name", files(d), "log: two")
		check(t, old.Close())
		again := create(t, v, "log", "x") // it is emptied, and the memory of the old one is used again
		_, err = again.WriteAt([]byte("y"), 5)
		check(t, err)
		expect(t, "the name", files(d), "log: x0000y")
	})
}

// TestAFileKeepsItsOwnCopies: what a process does with its memory afterwards changes nothing.
func TestAFileKeepsItsOwnCopies(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		f, b := create(t, v, "log", ""), []byte("one")
		for _, word := range []string{"one", "two", "six"} {
			copy(b, word)
			add(t, f, string(b))
			_, err := f.Write(b)
			check(t, err)
			copy(b, "---")
		}
		expect(t, "processes see", files(d), "log: oneonetwotwosixsix")
		check(t, f.Sync())
		check(t, v.PowerLoss())
		expect(t, "the disk has", files(d), "log: oneonetwotwosixsix")
	})
}

// TestAPausedDiskHoldsEverythingAtTheDoor, and a sync that had begun before.
func TestAPausedDiskHoldsEverythingAtTheDoor(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		f, other := create(t, v, "log", "one"), create(t, v, "other", "two")
		create(t, v, "third", "three")
		calls := map[string]func() error{
			"Open":     func() error { _, err := v.Open("log"); return err },
			"Create":   func() error { _, err := v.Create("new"); return err },
			"Rename":   func() error { return v.Rename("other", "another") },
			"Remove":   func() error { return v.Remove("third") },
			"List":     func() error { _, err := v.List("."); return err },
			"SyncDir":  func() error { return v.SyncDir(".") },
			"ReadFile": func() error { _, _ = v.ReadFile("log"); return nil },
			"Pass":     func() error { v.Pass(); return nil },
			"ReadAt":   func() error { _, err := f.ReadAt(make([]byte, 1), 0); return err },
			"WriteAt":  func() error { _, err := f.WriteAt([]byte("x"), 0); return err },
			"Write":    func() error { _, err := f.Write([]byte("x")); return err },
			"Truncate": func() error { return f.Truncate(9) },
			"Size":     func() error { _, err := f.Size(); return err },
			"Sync":     f.Sync,
			"Close":    other.Close,
			"Admit":    NewRecords(v, &memory{}).Admit,
		}
		begun := time.Now()
		var all sync.WaitGroup
		ended := func(name string, err error) {
			if passed := time.Since(begun); err != nil || passed < time.Second {
				t.Errorf("%s after %v: %v", name, passed, err)
			}
		}
		all.Go(func() { ended("a sync in progress", f.Sync()) })
		time.Sleep(syncTime / 2)
		d.Pause()
		d.Pause() // twice is as good as once
		for name, call := range calls {
			all.Go(func() { ended(name, call()) })
		}
		time.Sleep(time.Second)
		d.Resume()
		d.Resume()
		all.Wait()
	})
}

// TestARealFileIsTheDisks: it is there for the next process, and not on another disk in the same directory.
func TestARealFileIsTheDisks(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		d := New(Config{Dir: dir})
		for _, there := range []bool{false, true} {
			v := start(t, d)
			path, err := v.RealFile("db")
			check(t, err)
			if _, err := os.Stat(path); there != (err == nil) {
				t.Errorf("there: %v, %v", there, err)
			}
			check(t, os.WriteFile(path, nil, 0o600))
			check(t, v.Close())
		}
	}
	if _, err := start(t, New(Config{})).RealFile("db"); err == nil {
		t.Error("there is a real file, and no directory")
	}
}
