package disk

import (
	"fmt"
	"time"

	"faultline/cluster/scheduler"
)

// Backing keeps the records that survive, such as a database in a real file.
type Backing[C any] interface {
	// Write takes records in order, all or none.
	Write([]C) error
	Close() error
}

// Records is a file of whole changes, in order, such as the transactions of a database: a loss of power leaves a prefix of
// them and tears none. They reach the backing in batches: when enough have come together that are durable, and at the end
// of the incarnation. What the backing holds when a node starts again is what a write of each would have left there. A
// crash makes all of them durable, and with them all files of the disk, so that none is lost on which a record relies.
//
// A database that cannot write undoes what it was about to do. So a record is refused before it changes anything, see
// Admit, or it is written and its sync succeeds.
type Records[C any] struct {
	volume   *Volume
	backing  Backing[C]
	unsynced queue[C] // with those that are durable and not in the backing yet
	durable  uint64   // the end of what would survive a loss of power
}

// recorded is Records of any type.
type recorded interface {
	settle(before time.Time)
	keepPromise()
	surviveSome(draw func(n int) int)
	end(powerLoss bool) error
}

// batch is how many records are written to the backing at once.
const batch = 512

// NewRecords returns what goes on from the backing. It closes the backing at the end of the incarnation.
func NewRecords[C any](v *Volume, b Backing[C]) *Records[C] {
	defer scheduler.Enter().Leave()
	r := &Records[C]{volume: v, backing: b}
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	v.records = append(v.records, r)
	return r
}

// Admit waits while the node is paused, and says whether a disk that fails or is full refuses a record now.
func (r *Records[C]) Admit() error {
	defer scheduler.Call().Leave()
	r.volume.disk.pass()
	if f := r.volume.disk.faults.Load(); f != nil && !r.volume.cutOff() {
		return f.failure()
	}
	return nil
}

// Append adds a record. It does not wait, so that it may be called under a lock that keeps what the program has in memory in
// the same order.
func (r *Records[C]) Append(c C) {
	defer scheduler.Enter().Leave()
	r.volume.disk.mu.Lock()
	defer r.volume.disk.mu.Unlock()
	if !r.volume.files.private {
		r.unsynced.add(c)
	}
}

// Sync makes durable what was appended before, once it returns. The error is the backing's.
func (r *Records[C]) Sync() error {
	defer scheduler.Call().Leave()
	v, d := r.volume, r.volume.disk
	d.mu.Lock()
	end, names := r.unsynced.end(), v.files.journal.end()
	d.mu.Unlock()
	v.waitForSync()
	d.mu.Lock()
	defer d.mu.Unlock()
	if v.files.private {
		return nil
	}
	if v.files.system.journaled() {
		_ = v.syncNames(v.files.journal, names) // this record was admitted, and is written whatever becomes of them
	}
	if d.faults.Load().isLying() {
		r.unsynced.confirm(end)
		return nil
	}
	r.durable = max(r.durable, end)
	if len(r.unsynced.upTo(r.durable)) < batch {
		return nil
	}
	return r.flush()
}

// flush moves what is durable to the backing.
func (r *Records[C]) flush() error {
	ready := r.unsynced.upTo(r.durable)
	if len(ready) == 0 {
		return nil
	}
	if err := r.backing.Write(ready); err != nil {
		return fmt.Errorf("write what was synced: %w", err)
	}
	r.unsynced.drop(r.durable)
	return nil
}

func (r *Records[C]) settle(before time.Time) {
	r.durable = max(r.durable, r.unsynced.madeBefore(before))
}

func (r *Records[C]) keepPromise() { r.durable = max(r.durable, r.unsynced.confirmed) }

func (r *Records[C]) surviveSome(draw func(n int) int) {
	if n := int(r.unsynced.end() - r.durable); n > 0 {
		r.durable += uint64(draw(n + 1))
	}
}

// end leaves to the backing what survives the incarnation. After a crash that is everything, as if the machine had written
// back its page cache at once.
func (r *Records[C]) end(powerLoss bool) error {
	if !powerLoss {
		r.durable = r.unsynced.end()
	}
	err := r.flush()
	if cerr := r.backing.Close(); err == nil {
		err = cerr
	}
	r.unsynced = queue[C]{}
	return err
}
