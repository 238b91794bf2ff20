package raftlog

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"github.com/hashicorp/raft"
	"go.etcd.io/bbolt"
)

// store is raft's log and its votes, in a bbolt file.
type store struct{ db *bbolt.DB }

var logs, votes = []byte("logs"), []byte("votes")

func openStore(name string) (*store, error) {
	db, err := bbolt.Open(name, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, err
	}
	return &store{db}, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(logs)
		_, err2 := tx.CreateBucketIfNotExists(votes)
		return errors.Join(err, err2)
	})
}

func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func (s *store) end(move func(*bbolt.Cursor) ([]byte, []byte)) (n uint64, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		if k, _ := move(tx.Bucket(logs).Cursor()); k != nil {
			n = binary.BigEndian.Uint64(k)
		}
		return nil
	})
	return n, err
}

func (s *store) FirstIndex() (uint64, error) { return s.end((*bbolt.Cursor).First) }
func (s *store) LastIndex() (uint64, error)  { return s.end((*bbolt.Cursor).Last) }

func (s *store) GetLog(index uint64, log *raft.Log) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(logs).Get(key(index))
		if b == nil {
			return raft.ErrLogNotFound
		}
		return json.Unmarshal(b, log)
	})
}

func (s *store) StoreLog(log *raft.Log) error { return s.StoreLogs([]*raft.Log{log}) }

func (s *store) StoreLogs(all []*raft.Log) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		for _, log := range all {
			b, err := json.Marshal(log)
			if err != nil {
				return err
			}
			if err := tx.Bucket(logs).Put(key(log.Index), b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *store) DeleteRange(from, to uint64) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		for n := from; n <= to; n++ {
			if err := tx.Bucket(logs).Delete(key(n)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *store) Set(k, v []byte) error {
	return s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(votes).Put(k, v) })
}

func (s *store) Get(k []byte) (v []byte, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		v = append(v, tx.Bucket(votes).Get(k)...)
		return nil
	})
	return v, err
}

func (s *store) SetUint64(k []byte, n uint64) error { return s.Set(k, key(n)) }

func (s *store) GetUint64(k []byte) (uint64, error) {
	v, err := s.Get(k)
	if err != nil || len(v) == 0 {
		return 0, err
	}
	return binary.BigEndian.Uint64(v), nil
}
