package disk

import (
	"fmt"
	"path/filepath"
	"sync"

	"github.com/hashicorp/raft"
	bolt "go.etcd.io/bbolt"
)

// Volume is a disk as one incarnation of its node sees it. It is raft's LogStore and StableStore;
// Snapshots is its SnapshotStore.
type Volume struct {
	disk *Disk
	db   *bolt.DB // nil once the node is cut off

	mu        sync.Mutex // no one waits while holding it
	log       entries
	stable    map[string][]byte
	snapshots []*snapshot // newest first
	nextID    uint64

	// Writes are counted. The first flushed are in bbolt, the rest is pending, in order; the first
	// synced would survive a power loss.
	flushed, synced uint64
	pending         []write
}

// write is one change, as it will be made in bbolt.
type write struct {
	logs     []*raft.Log // store these,
	min, max uint64      // or delete this range,
	key      string      // or set this key
	value    []byte
}

// flushAt is how many pending writes make a transaction.
const flushAt = 512

// Open reads the files and returns the volume.
func (d *Disk) Open() (*Volume, error) {
	// The syncs are virtual: a real power loss does not concern a world. What grows past its map is mapped anew,
	// and bbolt then copies all that is under way to memory, which nobody collects in a world.
	db, err := bolt.Open(d.logPath(), 0o600, &bolt.Options{NoSync: true, NoGrowSync: true, NoFreelistSync: true, InitialMmapSize: 64 << 20})
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	v := &Volume{disk: d, db: db, stable: map[string][]byte{}}
	if err := v.load(); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("read the log: %w", err)
	}
	if err := v.loadSnapshots(); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("read snapshots: %w", err)
	}
	return v, nil
}

func (d *Disk) logPath() string { return filepath.Join(d.config.Dir, "raft.db") }

// Crash cuts the node off; all it had written stays.
func (v *Volume) Crash() error { return v.detach(true) }

// PowerLoss cuts the node off; what was not synced is lost.
func (v *Volume) PowerLoss() error { return v.detach(false) }

// Close is what a node does that shuts down in peace.
func (v *Volume) Close() error { return v.detach(true) }

func (v *Volume) detach(keepUnsynced bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.db == nil {
		return nil
	}
	if keepUnsynced {
		v.synced = v.written()
	}
	err := v.flush()
	if cerr := v.db.Close(); err == nil {
		err = cerr
	}
	v.db, v.pending = nil, nil
	v.disk.letGo()
	return err
}

func (v *Volume) written() uint64 { return v.flushed + uint64(len(v.pending)) }

// commit makes a change in memory at once, and returns when it is synced. If it returns an error, nothing
// has changed.
func (v *Volume) commit(w write) error {
	v.disk.pass()
	if f := v.disk.faults.Load(); f != nil {
		if err := v.meet(f, w); err != nil {
			return err
		}
	}
	v.mu.Lock()
	v.apply(w)
	mine := v.written()
	v.mu.Unlock()
	if w.logs != nil {
		v.Reach(LogSync)
	}
	v.sync()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.db == nil || v.disk.lies() {
		return nil // cut off meanwhile, or before; or not synced at all
	}
	// A snapshot deletes old entries beside the main loop, which may have written since: its write
	// is not covered by this sync.
	v.synced = max(v.synced, mine)
	if v.synced-v.flushed < flushAt {
		return nil
	}
	return v.flush()
}

func (v *Volume) apply(w write) {
	switch {
	case w.logs != nil:
		// After an installed snapshot raft goes on behind it, with a gap before: nothing older is of use.
		// The old entries leave the file too, or they would be the log again once the new ones are deleted.
		if !v.log.adjoins(w.logs[0].Index) {
			v.apply(write{min: v.log.first, max: v.log.last()})
		}
		v.log.store(w.logs)
	case w.key != "":
		v.stable[w.key] = w.value
	default:
		v.log.delete(w.min, w.max)
	}
	if v.db != nil {
		v.pending = append(v.pending, w)
	}
}

// flush moves what is synced into bbolt, in one transaction.
func (v *Volume) flush() error {
	k := v.synced - v.flushed
	if k == 0 {
		return nil
	}
	if err := v.db.Update(func(tx *bolt.Tx) error { return writeAll(tx, v.pending[:k]) }); err != nil {
		return fmt.Errorf("write to %s: %w", v.db.Path(), err)
	}
	rest := copy(v.pending, v.pending[k:])
	clear(v.pending[rest:])
	v.pending, v.flushed = v.pending[:rest], v.synced
	return nil
}
