package disk

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/hashicorp/raft"
)

var (
	_ raft.LogStore    = (*Volume)(nil)
	_ raft.StableStore = (*Volume)(nil)
)

// FirstIndex returns the index of the oldest entry, 0 of an empty log.
func (v *Volume) FirstIndex() (uint64, error) {
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.log.all) == 0 {
		return 0, nil
	}
	return v.log.first, nil
}

// LastIndex returns the index of the newest entry, 0 of an empty log.
func (v *Volume) LastIndex() (uint64, error) {
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.log.last(), nil
}

// GetLog reads an entry; raft.ErrLogNotFound if it is not there. Its data is shared: raft does not
// change what it reads.
func (v *Volume) GetLog(i uint64, out *raft.Log) error {
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	l := v.log.get(i)
	if l == nil {
		return raft.ErrLogNotFound
	}
	*out = *l
	return nil
}

// StoreLog writes one entry and waits for the sync.
func (v *Volume) StoreLog(l *raft.Log) error { return v.StoreLogs([]*raft.Log{l}) }

// StoreLogs writes consecutive entries, all or none, and waits for the sync.
func (v *Volume) StoreLogs(logs []*raft.Log) error {
	refs, err := copyLogs(logs)
	if err != nil || len(refs) == 0 {
		return err
	}
	return v.commit(write{logs: refs})
}

// copyLogs copies consecutive entries.
func copyLogs(logs []*raft.Log) ([]*raft.Log, error) {
	kept := make([]raft.Log, len(logs))
	refs := make([]*raft.Log, len(logs))
	for i, l := range logs {
		if l.Index != logs[0].Index+uint64(i) {
			return nil, fmt.Errorf("disk: entry %d stored together with entry %d", l.Index, logs[0].Index)
		}
		kept[i] = *l
		refs[i] = &kept[i]
	}
	return refs, nil
}

// DeleteRange drops the entries from first to last, at either end of the log, and waits for the sync.
func (v *Volume) DeleteRange(first, last uint64) error {
	v.mu.Lock()
	hole := v.log.first < first && last < v.log.last()
	last = min(last, v.log.last())
	v.mu.Unlock()
	switch {
	case first > last:
		return nil
	case hole:
		return fmt.Errorf("disk: deleting the entries %d to %d leaves a hole", first, last)
	}
	return v.commit(write{min: first, max: last})
}

// Set writes a value and waits for the sync.
func (v *Volume) Set(key, value []byte) error {
	if len(key) == 0 {
		return errors.New("disk: an empty key")
	}
	return v.commit(write{key: string(key), value: append([]byte(nil), value...)})
}

// errNotFound has the text by which raft knows that a key was never set.
var errNotFound = errors.New("not found")

// Get reads a value.
func (v *Volume) Get(key []byte) ([]byte, error) {
	v.disk.pass()
	v.mu.Lock()
	defer v.mu.Unlock()
	b, ok := v.stable[string(key)]
	if !ok {
		return nil, errNotFound
	}
	return append([]byte(nil), b...), nil
}

// SetUint64 writes a number and waits for the sync.
func (v *Volume) SetUint64(key []byte, n uint64) error {
	return v.Set(key, binary.BigEndian.AppendUint64(nil, n))
}

// GetUint64 reads a number.
func (v *Volume) GetUint64(key []byte) (uint64, error) {
	b, err := v.Get(key)
	if err != nil {
		return 0, err
	}
	if len(b) != 8 {
		return 0, errDamaged
	}
	return binary.BigEndian.Uint64(b), nil
}
