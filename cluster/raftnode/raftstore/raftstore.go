// Package raftstore is what hashicorp/raft wants stored, on a virtual disk: its log, its term and its vote in a bbolt file, as
// most users of raft have them, and its snapshots as files.
//
// Log, term and vote are kept in memory and written as disk.Records, so that bbolt gets transactions of many writes; what
// it holds when a node starts again is what a transaction for each would have left there. After a loss of power the log is
// a prefix of what was written, with all that was synced. Every entry and every snapshot carries a checksum, so that damage
// is found when the files are opened.
package raftstore

import (
	"bytes"
	"fmt"
	"sync"

	"faultline/cluster/disk"
	"faultline/cluster/scheduler"
)

// Store is raft's LogStore and StableStore on a volume; Snapshots is its SnapshotStore. It ends with the volume. What is left of
// a dead node goes on with a private copy and sees no error, because raft panics when it cannot store its term.
type Store struct {
	volume  *disk.Volume
	records *disk.Records[write]

	mu        sync.Mutex // no one waits while holding it
	log       entries
	stable    map[string][]byte
	snapshots []header // newest first
	nextID    uint64
	spare     []bytes.Buffer // of sinks that are closed
}

// Open reads what an earlier incarnation has stored on the disk, or begins anew.
func Open(v *disk.Volume) (*Store, error) {
	defer scheduler.Enter().Leave() // a real file stays locked until it is closed, and the world closes it
	path, err := v.RealFile("raft.db")
	if err != nil {
		return nil, err
	}
	db, err := openBolt(path)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	s := &Store{volume: v, stable: map[string][]byte{}}
	if err := s.load(db); err != nil {
		_ = db.Close()
		return nil, err
	}
	s.records = disk.NewRecords(v, db)
	return s, nil
}

func (s *Store) load(db boltFile) error {
	at := stored{disk: s.volume.Disk(), bolt: db.Path()}
	s.volume.Declare(disk.LogPart, at.log())
	s.volume.Declare(disk.SnapshotPart, at.snapshots())
	if err := db.load(s); err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	if err := s.loadSnapshots(); err != nil {
		return fmt.Errorf("read snapshots: %w", err)
	}
	return nil
}
