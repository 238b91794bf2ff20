package disk

import (
	"encoding/binary"
	"os"

	bolt "go.etcd.io/bbolt"
)

// DropSnapshot removes the newest snapshot of a node that is down, if the log goes on where the one before ends, or at
// its first entry if there is none before. Else it leaves it: raft would have a gap.
func (d *Disk) DropSnapshot() error {
	all, err := d.readSnapshots()
	if err != nil || len(all) == 0 {
		return err
	}
	needed := uint64(1)
	if len(all) > 1 {
		needed = all[1].Meta.Index + 1
	}
	if first, err := d.firstEntry(); err != nil || first == 0 || first > needed {
		return err
	}
	return os.Remove(d.snapshotPath(all[0].Meta.ID))
}

// firstEntry is the index of the first entry in the files; 0 if there is none.
func (d *Disk) firstEntry() (first uint64, err error) {
	err = d.changeLog(func(log *bolt.Bucket) error {
		if k, _ := log.Cursor().First(); k != nil {
			first = binary.BigEndian.Uint64(k)
		}
		return nil
	})
	return first, err
}
