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

// Fail has every write fail with an I/O error, and change nothing, until Mend. Raft survives that when it
// writes entries, votes and snapshots. It panics when it cannot write its term: then the process dies, see
// OnDeath.
func (d *Disk) Fail() { d.change(func(f *faults) { f.ioErr = true }) }

// Mend undoes Fail.
func (d *Disk) Mend() { d.change(func(f *faults) { f.ioErr = false }) }

// Fill has every write fail as Fail does, for want of space, until Free.
func (d *Disk) Fill() { d.change(func(f *faults) { f.full = true }) }

// Free undoes Fill.
func (d *Disk) Free() { d.change(func(f *faults) { f.full = false }) }

// Lie has syncs do nothing but take their time, until BeHonest: a loss of power meanwhile loses everything
// that was written since, or what the first honest sync would have covered. A crash loses nothing, as the
// machine writes back its page cache by and by. Snapshots, whole files, are taken to be written back at once.
func (d *Disk) Lie() { d.change(func(f *faults) { f.lying = true }) }

// BeHonest undoes Lie. The next sync covers what was written before it.
func (d *Disk) BeHonest() { d.change(func(f *faults) { f.lying = false }) }

func (d *Disk) change(do func(*faults)) {
	d.mu.Lock()
	defer d.mu.Unlock()
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

// Startable says why a process cannot start on the disk. What raft writes first is its term: it would panic
// on a disk that fails, and hang on one that is stuck.
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

// OnDeath says what ends the process that runs on the disk when it has to die of itself: at a Point, or
// because raft panics. It is called on the goroutine that dies, without locks, before what it was about to
// do. It cuts the node off with Crash; the goroutine then goes on into the void. Kind is "crash-at" or "panic".
func (d *Disk) OnDeath(die func(kind, detail string)) { d.die = die }

// termKey is under which raft keeps its term.
const termKey = "CurrentTerm"

// meet is what becomes of a write on a disk with faults: nil lets it go on.
func (v *Volume) meet(f *faults, w write) error {
	if v.cutOff() {
		return nil
	}
	if err := f.failure(); err != nil {
		if w.key != termKey {
			return fmt.Errorf("write to the disk: %w", err)
		}
		v.disk.die("panic", fmt.Sprintf("failed to save current term: %v", err))
		return nil
	}
	switch {
	case w.logs != nil:
		v.Reach(LogWrite)
	case w.key == candidateKey:
		v.Reach(VoteWrite)
	}
	return nil
}

// linger is how much longer than usual a sync takes, on a disk with faults.
func (v *Volume) linger(f *faults) {
	if f.slow != nil && !v.cutOff() {
		v.disk.mu.Lock()
		wait := f.slow.base + time.Duration(v.disk.config.FaultRand.ExpFloat64()*float64(f.slow.tail))
		v.disk.mu.Unlock()
		time.Sleep(wait)
	}
	for f = v.disk.faults.Load(); f != nil && f.stuck != nil && !v.cutOff(); f = v.disk.faults.Load() {
		<-f.stuck
	}
}

// lies reports whether syncs do nothing.
func (d *Disk) lies() bool {
	f := d.faults.Load()
	return f != nil && f.lying
}

// cutOff reports whether nothing that is done to the volume reaches the files any more.
func (v *Volume) cutOff() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.db == nil
}

// letGo has whoever waits for a stuck disk look again: those of a dead node need not wait.
func (d *Disk) letGo() {
	d.change(func(f *faults) {
		if f.stuck != nil {
			close(f.stuck)
			f.stuck = make(chan struct{})
		}
	})
}
