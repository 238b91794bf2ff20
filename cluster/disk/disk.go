// Package disk is a node's disk: the log, the term and the vote that hashicorp/raft wants stored, in a
// bbolt file, and snapshots as files beside it. A sync takes virtual time.
//
// A Disk outlives its node. A Volume is what one incarnation of the node sees of it, from Open to Crash,
// PowerLoss or Close. The package guarantees that from the instant of a crash nothing the node does
// reaches the files: what is left of a dead node goes on with a private copy and sees no error, because
// raft panics when it cannot store its term. A crash keeps what was written, a power loss only what was
// synced; either way the log is a prefix of what was written.
//
// Writes go to memory first, as to a page cache, and reach bbolt in transactions of many: at a crash,
// when the volume is closed, and whenever enough have come together. What bbolt holds when a node
// starts again is what a transaction for each write would have left there.
//
// A disk can be bad, see Slow, Stick, Fail, Fill, Lie, Arm and Flip. Faults are for the node that lives: what is
// left of a dead one meets none. Every entry and every snapshot carries a checksum, so that damage is found
// when the files are opened.
//
// The caller owes it that no two volumes of a disk are open at once.
package disk

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Config describes a disk. Zero latencies take their defaults.
type Config struct {
	Dir string // where its files are; made if need be
	// Sync is how long a sync takes: Base plus an exponential tail of mean Tail.
	// Default 200 µs + Exp(200 µs), as on an SSD with a write cache that is flushed.
	Base, Tail time.Duration
	Rand       *rand.Rand // the disk's own generator
	// FaultRand is the generator of what faults leave to chance. It may be nil while there are none.
	FaultRand *rand.Rand
}

// Disk is the machine's storage. It survives its node.
type Disk struct {
	config Config

	mu   sync.Mutex // guards door, the generators and changes of faults; no one waits while holding it
	door chan struct{}

	faults atomic.Pointer[faults] // nil while there are none
	die    func(kind, detail string)
	flips  []flip
}

// New returns a disk on a directory.
func New(c Config) (*Disk, error) {
	if c.Base == 0 && c.Tail == 0 {
		c.Base, c.Tail = 200*time.Microsecond, 200*time.Microsecond
	}
	if err := os.MkdirAll(filepath.Join(c.Dir, "snapshots"), 0o755); err != nil {
		return nil, fmt.Errorf("make the disk's directory: %w", err)
	}
	return &Disk{config: c}, nil
}

// Pause holds everything that is written or read at the door.
func (d *Disk) Pause() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.door == nil {
		d.door = make(chan struct{})
	}
}

// Resume undoes Pause.
func (d *Disk) Resume() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.door != nil {
		close(d.door)
		d.door = nil
	}
}

// pass waits while the disk is paused.
func (d *Disk) pass() {
	for {
		d.mu.Lock()
		door := d.door
		d.mu.Unlock()
		if door == nil {
			return
		}
		<-door
	}
}

// sync takes as long as a sync does. It is called without any lock: a wait in virtual time under a
// mutex would stop the clock for whoever wants the mutex.
func (v *Volume) sync() {
	d := v.disk
	d.mu.Lock()
	wait := d.config.Base + time.Duration(d.config.Rand.ExpFloat64()*float64(d.config.Tail))
	d.mu.Unlock()
	time.Sleep(wait)
	if f := d.faults.Load(); f != nil {
		v.linger(f)
	}
	d.pass()
}
