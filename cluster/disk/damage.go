package disk

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Part is what of the files can be damaged.
type Part string

// The parts.
const (
	LogPart      Part = "log"      // an entry of the log
	SnapshotPart Part = "snapshot" // the state in the newest snapshot
)

// flip is one bit that was flipped.
type flip struct {
	part Part
	file string // of a snapshot
	key  []byte // of an entry
	bit  int    // counted from the beginning of the entry, or of the file
}

// Has reports whether there is such a part. It may be asked while a node has the disk open.
func (d *Disk) Has(p Part) bool {
	switch p {
	case LogPart:
		return true // from the first start on, raft keeps entries even behind a snapshot
	case SnapshotPart:
		all, err := d.readSnapshots()
		return err == nil && len(all) > 0
	default:
		return false
	}
}

// Flip flips one bit, chosen by chance, in the files of a node that is down. Open finds it. An error says
// that there is nothing of that part.
func (d *Disk) Flip(p Part) error {
	f := flip{part: p}
	var err error
	if p == LogPart {
		err = d.flipEntry(&f)
	} else {
		err = d.flipSnapshot(&f)
	}
	if err != nil {
		return fmt.Errorf("flip a bit in the %s: %w", p, err)
	}
	d.flips = append(d.flips, f)
	return nil
}

// Repair flips back what Flip flipped, as from a mirror of the disk. The node is down.
func (d *Disk) Repair() error {
	for len(d.flips) > 0 {
		f := d.flips[len(d.flips)-1]
		var err error
		if f.part == LogPart {
			err = d.changeLog(func(log *bolt.Bucket) error { return flipIn(log, f.key, f.bit) })
		} else {
			err = changeFile(f.file, func(b []byte) { flipBit(b, f.bit) })
		}
		if err != nil {
			return fmt.Errorf("repair the %s: %w", f.part, err)
		}
		d.flips = d.flips[:len(d.flips)-1]
	}
	return nil
}

func (d *Disk) flipEntry(f *flip) error {
	return d.changeLog(func(log *bolt.Bucket) error {
		var keys [][]byte
		_ = log.ForEach(func(k, _ []byte) error {
			keys = append(keys, append([]byte(nil), k...))
			return nil
		})
		if len(keys) == 0 {
			return errors.New("there is no entry")
		}
		f.key = keys[d.config.FaultRand.IntN(len(keys))]
		f.bit = anyBit(d.config.FaultRand, log.Get(f.key))
		return flipIn(log, f.key, f.bit)
	})
}

func (d *Disk) changeLog(do func(*bolt.Bucket) error) error {
	db, err := bolt.Open(d.logPath(), 0o600, &bolt.Options{NoSync: true, NoGrowSync: true, NoFreelistSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error { return do(tx.Bucket(logBucket)) })
	return errors.Join(err, db.Close())
}

func flipIn(b *bolt.Bucket, key []byte, bit int) error {
	value := append([]byte(nil), b.Get(key)...)
	flipBit(value, bit)
	return b.Put(key, value)
}

func (d *Disk) flipSnapshot(f *flip) error {
	all, err := d.readSnapshots()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("there is none")
	}
	f.file = d.snapshotPath(all[0].Meta.ID)
	return changeFile(f.file, func(b []byte) {
		state := len(b) - len(all[0].state)
		f.bit = 8*state + anyBit(d.config.FaultRand, b[state:])
		flipBit(b, f.bit)
	})
}

func changeFile(path string, do func([]byte)) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	do(b)
	return os.WriteFile(path, b, 0o600)
}

func anyBit(rng *rand.Rand, b []byte) int { return rng.IntN(8 * len(b)) }

func flipBit(b []byte, bit int) { b[bit/8] ^= 1 << (bit % 8) }
