package disk

import "github.com/hashicorp/raft"

// Unsynced is the volume as a log store that leaves its writes to the page cache: they survive a crash of
// the process, and a power loss only if something else was synced behind them. No database should be on
// one; it is there to find out what happens if one is.
func (v *Volume) Unsynced() raft.LogStore { return unsynced{v} }

type unsynced struct{ *Volume }

// StoreLog writes one entry and waits for nothing.
func (u unsynced) StoreLog(l *raft.Log) error { return u.StoreLogs([]*raft.Log{l}) }

// StoreLogs writes consecutive entries, all or none, and waits for nothing.
func (u unsynced) StoreLogs(logs []*raft.Log) error {
	refs, err := copyLogs(logs)
	if err != nil || len(refs) == 0 {
		return err
	}
	u.disk.pass()
	u.mu.Lock()
	defer u.mu.Unlock()
	u.apply(write{logs: refs})
	return nil
}
