package raftstore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
)

// sink collects a snapshot in memory, so that a crash before it is closed leaves nothing behind.
type sink struct {
	store  *Store
	header header
	state  bytes.Buffer
	closed bool
}

// ID is the snapshot's name.
func (k *sink) ID() string { return k.header.Meta.ID }

// Write adds to the state.
func (k *sink) Write(b []byte) (int, error) {
	if k.closed {
		return 0, os.ErrClosed
	}
	return k.state.Write(b)
}

// Cancel gives the snapshot up.
func (k *sink) Cancel() error {
	k.end()
	return nil
}

// Close makes the snapshot exist, whole, at one instant: its file is written under another name, synced, and renamed. When
// the name is synced too, a loss of power leaves it, and raft may delete the log that it stands for.
func (k *sink) Close() error {
	if k.closed {
		return nil
	}
	defer k.end()
	k.header.Meta.Size = int64(k.state.Len())
	k.header.Checksum = crc32.ChecksumIEEE(k.state.Bytes())
	if err := k.write(); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return k.store.add(k.header)
}

func (k *sink) write() error {
	v, name := k.store.volume, k.header.name()
	if err := k.writeFile(name + halfway); err != nil {
		return k.undo(name+halfway, err)
	}
	v.Reach(Snapshot)
	if err := v.Rename(name+halfway, name); err != nil {
		return k.undo(name+halfway, err)
	}
	if err := v.SyncDir("."); err != nil {
		return k.undo(name, err)
	}
	return nil
}

// undo removes the file after an error, which it returns.
func (k *sink) undo(name string, err error) error {
	_ = k.store.volume.Remove(name) // it is not there if it could not be made
	return err
}

func (k *sink) writeFile(name string) error {
	line, err := json.Marshal(k.header)
	if err != nil {
		return err
	}
	k.header.begins = int64(len(line) + 1)
	f, err := k.store.volume.Create(name)
	if err != nil {
		return err
	}
	defer f.Close() // nothing is left to be reported: the sync has
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	if _, err := f.Write(k.state.Bytes()); err != nil {
		return err
	}
	return f.Sync()
}

// end gives the memory back.
func (k *sink) end() {
	if k.closed {
		return
	}
	k.closed = true
	s := k.store
	s.mu.Lock()
	defer s.mu.Unlock()
	k.state.Reset()
	s.spare = append(s.spare, k.state)
}

// add takes a new snapshot into the list, and removes what is too many.
func (s *Store) add(h header) error {
	for _, old := range s.list(h) {
		if err := s.volume.Remove(old.name()); err != nil {
			return fmt.Errorf("remove old snapshot: %w", err)
		}
	}
	return nil
}

// list takes a new snapshot into the list, and takes out and returns what is too many.
func (s *Store) list(h header) (old []header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.snapshots = append(s.snapshots, h)
	slices.SortFunc(s.snapshots, newestFirst)
	if len(s.snapshots) > retained {
		old = slices.Clone(s.snapshots[retained:])
		s.snapshots = s.snapshots[:retained]
	}
	return old
}
