// Package disk is a machine's disk: a tree of directories and files that knows what was synced. It keeps the promises that a
// FileSystem makes, and no others. A sync takes virtual time. Paths have slashes and begin at the root of the disk, which is ".",
// see io/fs.ValidPath. Their errors are those of Linux.
//
// A Disk outlives its node. A Volume is what one incarnation of the node sees of it, from Open to Crash, PowerLoss or
// Close. From the instant of a crash nothing the node does reaches the files: what is left of a dead node goes on with a
// private copy. It sees no error, because programs panic when they cannot store what they have to. A crash keeps what was
// written, since the page cache belongs to the machine. A loss of power keeps what was synced, and a randomly drawn part of
// the rest: what the file system had written back.
//
// The files are in memory and cost no real I/O. A program that needs a real file, as bbolt does, has its changes held
// back by Records, and reads the file when it starts.
//
// A disk can also stand behind an unmodified program, whose real files are then its page cache. Whoever runs the program makes
// each change of the real files on the Volume as well, and finds what was written through memory maps by File.WriteMapped. After a
// loss of power Export makes the real files what survived.
//
// A disk can be bad, see Slow, Stick, Fail, Fill, Lie, Arm, Flip and Truncate. Only a live node meets these faults, never what is left
// of a dead one.
//
// The caller must not open two volumes of a disk at once.
package disk

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Config describes a disk. Zero latencies take their defaults.
type Config struct {
	// Dir is where real files are, see Volume.RealFile. It may be empty while nobody asks for one.
	Dir        string
	FileSystem FileSystem
	// Base and Tail are how long a sync takes: Base plus an exponential tail of mean Tail.
	// Default 200 µs + Exp(200 µs), as on an SSD with a write cache that is flushed.
	Base, Tail time.Duration
	Rand       *rand.Rand // of the latencies
	FaultRand  *rand.Rand // of what faults leave to chance, losses of power among them
	// Parts are the files of each part that faults can damage, as patterns: see Files. A program that knows its files better
	// declares what they are.
	Parts map[Part][]string
}

// Disk is the machine's storage. It survives its node.
type Disk struct {
	config Config

	// mu guards all that follows, the generators, and the files of volumes. No one waits while holding it.
	mu    sync.Mutex
	door  chan struct{} // nil unless the disk is paused
	files *tree
	open  *Volume         // nil while the node is down
	real  map[string]bool // the names of real files

	faults  atomic.Pointer[faults] // nil while there are none; changed under mu
	die     func(kind, detail string)
	told    func(what string)
	parts   map[Part]Stored
	repairs []repair // the last damage last
	buffer  []byte   // see readBuffer
}

// New returns a disk with nothing on it.
func New(c Config) *Disk {
	if c.Base == 0 && c.Tail == 0 {
		c.Base, c.Tail = 200*time.Microsecond, 200*time.Microsecond
	}
	d := &Disk{config: c, files: newTree(c.FileSystem, &pool{}), real: map[string]bool{}, parts: map[Part]Stored{}}
	for p, patterns := range c.Parts {
		d.parts[p] = d.Files(patterns...)
	}
	return d
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
