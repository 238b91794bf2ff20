package raftstore

import (
	"encoding/binary"
	"errors"

	bolt "go.etcd.io/bbolt"

	"faultline/cluster/disk"
)

// stored is what is on the disk while the node is down, for those who damage it.
type stored struct {
	disk *disk.Disk
	bolt string // the path of the log's file
}

// log is the entries. From the first start on raft keeps some even behind a snapshot, so that there always are.
func (s stored) log() disk.Stored {
	return disk.Stored{Has: func() bool { return true }, Flip: s.flipEntry}
}

// snapshots is the state in the newest snapshot.
func (s stored) snapshots() disk.Stored {
	return disk.Stored{
		Has:      func() bool { return len(snapshotNames(s.disk.Names())) > 0 },
		Flip:     s.flipSnapshot,
		Truncate: s.truncateSnapshot,
		Drop:     s.dropSnapshot,
	}
}

func (s stored) flipEntry(draw func(n int) int) (repair func() error, err error) {
	var key []byte
	var bit int
	err = s.changeLog(func(log *bolt.Bucket) error {
		var keys [][]byte
		_ = log.ForEach(func(k, _ []byte) error {
			keys = append(keys, append([]byte(nil), k...))
			return nil
		})
		if len(keys) == 0 {
			return errors.New("there is no entry")
		}
		key = keys[draw(len(keys))]
		bit = draw(8 * len(log.Get(key)))
		return flipIn(log, key, bit)
	})
	return func() error {
		return s.changeLog(func(log *bolt.Bucket) error { return flipIn(log, key, bit) })
	}, err
}

func flipIn(b *bolt.Bucket, key []byte, bit int) error {
	value := append([]byte(nil), b.Get(key)...)
	value[bit/8] ^= 1 << (bit % 8)
	return b.Put(key, value)
}

func (s stored) changeLog(do func(*bolt.Bucket) error) error {
	db, err := bolt.Open(s.bolt, 0o600, &bolt.Options{NoSync: true, NoGrowSync: true, NoFreelistSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error { return do(tx.Bucket(logBucket)) })
	return errors.Join(err, db.Close())
}

// firstEntry is the index of the first entry; 0 if there is none.
func (s stored) firstEntry() (first uint64, err error) {
	err = s.changeLog(func(log *bolt.Bucket) error {
		if k, _ := log.Cursor().First(); k != nil {
			first = binary.BigEndian.Uint64(k)
		}
		return nil
	})
	return first, err
}

func (s stored) flipSnapshot(draw func(n int) int) (repair func() error, err error) {
	newest, err := s.newestSnapshot()
	if err != nil {
		return nil, err
	}
	return s.disk.FlipBit(newest.name(), 8*int(newest.begins)+draw(8*int(newest.Meta.Size)))
}

func (s stored) truncateSnapshot(draw func(n int) int) (repair func() error, err error) {
	newest, err := s.newestSnapshot()
	if err != nil {
		return nil, err
	}
	return s.disk.Cut(newest.name(), newest.begins+int64(draw(int(newest.Meta.Size))))
}

func (s stored) newestSnapshot() (header, error) {
	all, err := readSnapshots(s.disk.Names(), s.disk.ReadFile)
	if err != nil {
		return header{}, err
	}
	if len(all) == 0 {
		return header{}, errors.New("there is none")
	}
	return all[0], nil
}
