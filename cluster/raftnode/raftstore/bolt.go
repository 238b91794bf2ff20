package raftstore

import (
	"encoding/binary"
	"fmt"

	"github.com/hashicorp/raft"
	bolt "go.etcd.io/bbolt"
)

// The bbolt file has two buckets: the log, by index in big-endian so that order is order, and the rest.
var logBucket, stableBucket = []byte("log"), []byte("stable")

// boltFile is where the records are that survive.
type boltFile struct{ *bolt.DB }

func openBolt(path string) (boltFile, error) {
	// The syncs are virtual: a real power loss does not concern a world. What grows past its map is mapped anew,
	// and bbolt then copies all that is under way to memory, which nobody collects in a world.
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true, NoGrowSync: true, NoFreelistSync: true, InitialMmapSize: 64 << 20})
	if err != nil {
		return boltFile{}, err
	}
	return boltFile{db}, nil
}

// Write makes changes, in one transaction.
func (f boltFile) Write(ws []write) error {
	return f.Update(func(tx *bolt.Tx) error { return writeAll(tx, ws) })
}

func (f boltFile) load(s *Store) error {
	err := f.Update(func(tx *bolt.Tx) error {
		if _, err := tx.CreateBucketIfNotExists(logBucket); err != nil {
			return err
		}
		_, err := tx.CreateBucketIfNotExists(stableBucket)
		return err
	})
	if err != nil {
		return err
	}
	return f.View(func(tx *bolt.Tx) error {
		if err := tx.Bucket(logBucket).ForEach(s.loadEntry); err != nil {
			return err
		}
		return tx.Bucket(stableBucket).ForEach(func(k, b []byte) error {
			s.stable[string(k)] = append([]byte(nil), b...)
			return nil
		})
	})
}

func (s *Store) loadEntry(k, b []byte) error {
	l, err := decodeLog(b)
	if err != nil {
		return fmt.Errorf("entry %x: %w", k, err)
	}
	l.Index = binary.BigEndian.Uint64(k)
	if !s.log.adjoins(l.Index) {
		return fmt.Errorf("entry %d after entry %d: %w", l.Index, s.log.last(), errDamaged)
	}
	s.log.store([]*raft.Log{l})
	return nil
}

func writeAll(tx *bolt.Tx, ws []write) error {
	log, stable := tx.Bucket(logBucket), tx.Bucket(stableBucket)
	log.FillPercent = 0.9 // entries come in order of their keys
	for _, w := range ws {
		var err error
		switch {
		case w.logs != nil:
			err = putAll(log, w.logs)
		case w.key != "":
			err = stable.Put([]byte(w.key), w.value)
		default:
			err = deleteRange(log, w.min, w.max)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func putAll(b *bolt.Bucket, logs []*raft.Log) error {
	for _, l := range logs {
		if err := b.Put(indexKey(l.Index), encodeLog(l)); err != nil {
			return err
		}
	}
	return nil
}

func deleteRange(b *bolt.Bucket, min, max uint64) error {
	for i := min; i <= max; i++ {
		if err := b.Delete(indexKey(i)); err != nil {
			return err
		}
	}
	return nil
}

func indexKey(i uint64) []byte { return binary.BigEndian.AppendUint64(nil, i) }
