package disk

import (
	"fmt"
	"syscall"
	"time"
)

// faults are what is wrong with a disk at one time. A value is never changed: a new one takes its place.
type faults struct {
	slow  *latency
	stuck chan struct{} // closed when it is time to look again; nil unless syncs are stuck
	ioErr bool
	full  bool
	lying bool
	point Point
}

// latency is added to each sync: base, and an exponential tail.
type latency struct{ base, tail time.Duration }

// failure is the error that writes fail with, nil while they succeed.
func (f *faults) failure() error {
	switch {
	case f.ioErr:
		return syscall.EIO
	case f.full:
		return syscall.ENOSPC
	default:
		return nil
	}
}

// failing reports whether nothing can be written; nil is a disk without faults.
func (f *faults) failing() bool { return f != nil && f.ioErr }

// isLying reports whether syncs do nothing; nil is a disk without faults.
func (f *faults) isLying() bool { return f != nil && f.lying }

// Slow makes each sync take longer, by base and an exponential tail of this mean, until Fast.
func (d *Disk) Slow(base, tail time.Duration) {
	d.change(func(f *faults) { f.slow = &latency{base, tail} })
}

// Fast undoes Slow.
func (d *Disk) Fast() { d.change(func(f *faults) { f.slow = nil }) }

// Stick keeps every sync from ending until Unstick. What a process does with its file otherwise goes on:
// reads are served from memory.
func (d *Disk) Stick() {
	d.change(func(f *faults) {
		if f.stuck == nil {
			f.stuck = make(chan struct{})
		}
	})
}

// Unstick undoes Stick.
func (d *Disk) Unstick() {
	d.change(func(f *faults) {
		if f.stuck != nil {
			close(f.stuck)
			f.stuck = nil
		}
	})
}

// Fail has whatever is to reach the disk fail with an I/O error until Mend. To write to a file still succeeds, in
// memory; its next sync fails, and what was to be synced is lost: the kernel takes the pages for clean, so that processes go on
// seeing them, a later sync succeeds and covers only what was written since, and a loss of power shows what is missing. That
// goes by the byte; on Linux a later write to the same page may save the rest of it. Records are refused.
func (d *Disk) Fail() { d.change(func(f *faults) { f.ioErr = true }) }

// Mend undoes Fail.
func (d *Disk) Mend() { d.change(func(f *faults) { f.ioErr = false }) }

// Fill leaves no room for new files, longer files and records, until Free.
func (d *Disk) Fill() { d.change(func(f *faults) { f.full = true }) }

// Free undoes Fill.
func (d *Disk) Free() { d.change(func(f *faults) { f.full = false }) }

// Lie has syncs do nothing but take their time, until BeHonest: a loss of power meanwhile loses everything that was
// written since. A crash loses nothing, as the page cache is the machine's.
func (d *Disk) Lie() { d.change(func(f *faults) { f.lying = true }) }

// BeHonest undoes Lie. What was reported as synced meanwhile is now: the disk writes out its own cache.
func (d *Disk) BeHonest() {
	d.change(func(f *faults) { f.lying = false })
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files.keepPromise()
	if d.open != nil {
		for _, r := range d.open.records {
			r.keepPromise()
		}
	}
}

// change changes the faults. What the kernel has done by itself until now it did under those that were.
func (d *Disk) change(do func(*faults)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	d.setFaults(do)
}

func (d *Disk) setFaults(do func(*faults)) {
	next := faults{}
	if f := d.faults.Load(); f != nil {
		next = *f
	}
	do(&next)
	if next == (faults{}) {
		d.faults.Store(nil)
	} else {
		d.faults.Store(&next)
	}
}

// settle writes back what the kernel has written back by itself until now, if the disk let it. The caller holds mu.
func (d *Disk) settle() {
	f := d.faults.Load()
	if f != nil && (f.stuck != nil || f.lying) {
		return
	}
	now, failing := time.Now(), f != nil && f.ioErr
	d.files.settle(now, failing)
	if d.open != nil && !failing && d.config.FileSystem.journaled() {
		for _, r := range d.open.records {
			r.settle(now.Add(-contentsWait))
		}
	}
}

// Startable says why a process cannot start on the disk. What it writes first would fail on a disk that fails or is full, and
// never end on one that is stuck.
func (d *Disk) Startable() error {
	f := d.faults.Load()
	switch {
	case f == nil:
		return nil
	case f.failure() != nil:
		return fmt.Errorf("write to the disk: %w", f.failure())
	case f.stuck != nil:
		return fmt.Errorf("write to the disk: it is stuck")
	default:
		return nil
	}
}

// OnDeath says what ends the process that runs on the disk when it dies of itself: at a Point, or by Die. It is called on the
// goroutine that dies, without locks, before what it was about to do. It cuts the node off with Crash; the
// goroutine then goes on into the void. Kind is "crash-at", or what Die says.
func (d *Disk) OnDeath(die func(kind, detail string)) { d.die = die }

// letGo has whoever waits for a stuck disk look again: those of a dead node need not wait. The caller holds mu.
func (d *Disk) letGo() {
	d.setFaults(func(f *faults) {
		if f.stuck != nil {
			close(f.stuck)
			f.stuck = make(chan struct{})
		}
	})
}
