package raftstore

import "github.com/hashicorp/raft"

// Unsynced is the store with a log that leaves its writes to the page cache: they survive a crash of the process, and a loss
// of power only if something else was synced behind them, or they had been written back. No database should be on
// one; it is there to find out what happens if one is.
func (s *Store) Unsynced() raft.LogStore { return unsynced{s} }

type unsynced struct{ *Store }

// StoreLog writes one entry and waits for nothing.
func (u unsynced) StoreLog(l *raft.Log) error { return u.StoreLogs([]*raft.Log{l}) }

// StoreLogs writes consecutive entries, all or none, and waits for nothing.
func (u unsynced) StoreLogs(logs []*raft.Log) error {
	refs, err := copyLogs(logs)
	if err != nil || len(refs) == 0 {
		return err
	}
	u.volume.Pass()
	u.write(write{logs: refs})
	return nil
}
