package raftstore

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/hashicorp/raft"
)

var (
	_ raft.LogStore    = (*Store)(nil)
	_ raft.StableStore = (*Store)(nil)
)

// FirstIndex returns the index of the oldest entry, 0 of an empty log.
func (s *Store) FirstIndex() (uint64, error) {
	s.volume.Pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.log.all) == 0 {
		return 0, nil
	}
	return s.log.first, nil
}

// LastIndex returns the index of the newest entry, 0 of an empty log.
func (s *Store) LastIndex() (uint64, error) {
	s.volume.Pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.last(), nil
}

// GetLog reads an entry; raft.ErrLogNotFound if it is not there. Its data is shared: raft does not
// change what it reads.
func (s *Store) GetLog(i uint64, out *raft.Log) error {
	s.volume.Pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.log.get(i)
	if l == nil {
		return raft.ErrLogNotFound
	}
	*out = *l
	return nil
}

// StoreLog writes one entry and waits for the sync.
func (s *Store) StoreLog(l *raft.Log) error { return s.StoreLogs([]*raft.Log{l}) }

// StoreLogs writes consecutive entries, all or none, and waits for the sync.
func (s *Store) StoreLogs(logs []*raft.Log) error {
	refs, err := copyLogs(logs)
	if err != nil || len(refs) == 0 {
		return err
	}
	return s.commit(write{logs: refs})
}

// copyLogs copies consecutive entries.
func copyLogs(logs []*raft.Log) ([]*raft.Log, error) {
	kept := make([]raft.Log, len(logs))
	refs := make([]*raft.Log, len(logs))
	for i, l := range logs {
		if l.Index != logs[0].Index+uint64(i) {
			return nil, fmt.Errorf("raftstore: entry %d stored together with entry %d", l.Index, logs[0].Index)
		}
		kept[i] = *l
		refs[i] = &kept[i]
	}
	return refs, nil
}

// DeleteRange drops the entries from first to last, at either end of the log, and waits for the sync.
func (s *Store) DeleteRange(first, last uint64) error {
	s.mu.Lock()
	hole := s.log.first < first && last < s.log.last()
	last = min(last, s.log.last())
	s.mu.Unlock()
	switch {
	case first > last:
		return nil
	case hole:
		return fmt.Errorf("raftstore: deleting the entries %d to %d leaves a hole", first, last)
	}
	return s.commit(write{min: first, max: last})
}

// Set writes a value and waits for the sync.
func (s *Store) Set(key, value []byte) error {
	if len(key) == 0 {
		return errors.New("raftstore: an empty key")
	}
	return s.commit(write{key: string(key), value: append([]byte(nil), value...)})
}

// errNotFound has the text by which raft knows that a key was never set.
var errNotFound = errors.New("not found")

// Get reads a value.
func (s *Store) Get(key []byte) ([]byte, error) {
	s.volume.Pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.stable[string(key)]
	if !ok {
		return nil, errNotFound
	}
	return append([]byte(nil), b...), nil
}

// SetUint64 writes a number and waits for the sync.
func (s *Store) SetUint64(key []byte, n uint64) error {
	return s.Set(key, binary.BigEndian.AppendUint64(nil, n))
}

// GetUint64 reads a number.
func (s *Store) GetUint64(key []byte) (uint64, error) {
	b, err := s.Get(key)
	if err != nil {
		return 0, err
	}
	if len(b) != 8 {
		return 0, errDamaged
	}
	return binary.BigEndian.Uint64(b), nil
}

// write is one change, as it will be made in bbolt.
type write struct {
	logs     []*raft.Log // store these,
	min, max uint64      // or delete this range,
	key      string      // or set this key
	value    []byte
}

// commit makes a change in memory at once, and returns when it is synced. If it returns an error, nothing
// has changed.
func (s *Store) commit(w write) error {
	if err := s.records.Admit(); err != nil {
		if w.key != termKey {
			return fmt.Errorf("write to the disk: %w", err)
		}
		// Raft would panic. It goes on into the void.
		s.volume.Die("panic", fmt.Sprintf("failed to save current term: %v", err))
	}
	switch {
	case w.logs != nil:
		s.volume.Reach(LogWrite)
	case w.key == candidateKey:
		s.volume.Reach(VoteWrite)
	}
	s.write(w)
	if w.logs != nil {
		s.volume.Reach(LogSync)
	}
	return s.records.Sync()
}

// write makes a change in memory, and of it a record.
func (s *Store) write(w write) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apply(w)
}

// apply is write for who holds mu.
func (s *Store) apply(w write) {
	switch {
	case w.logs != nil:
		// After an installed snapshot raft goes on behind it, with a gap before: nothing older is of use.
		// The old entries leave the file too, or they would be the log again once the new ones are deleted.
		if !s.log.adjoins(w.logs[0].Index) {
			s.apply(write{min: s.log.first, max: s.log.last()})
		}
		s.log.store(w.logs)
	case w.key != "":
		s.stable[w.key] = w.value
	default:
		s.log.delete(w.min, w.max)
	}
	s.records.Append(w)
}
