package raftnode

import (
	"sync/atomic"

	"github.com/hashicorp/raft"
)

// cutLog is a log store whose process dies if its disk fails between the deletion of the log's end and the writing of what
// comes in its place.
//
// A follower of raft v1.8.0 that gets through that alive believes in a log that it has no more: it refuses all entries until it is
// started again, and counts what it deleted when it votes and stands for election (see docs/raft.md#truncated-append). Whoever runs a
// store on raft does best to die there and to start again from the files, which are right.
type cutLog struct {
	raft.LogStore
	cut atomic.Bool // the end was deleted, and nothing was written since
	die func()
}

// DeleteRange implements raft.LogStore. Compaction deletes the beginning, and replication the end.
func (c *cutLog) DeleteRange(first, last uint64) error {
	end, err := c.LastIndex()
	if err == nil {
		err = c.LogStore.DeleteRange(first, last)
	}
	if err == nil && last >= end {
		c.cut.Store(true)
	}
	return err
}

// StoreLog implements raft.LogStore.
func (c *cutLog) StoreLog(l *raft.Log) error { return c.StoreLogs([]*raft.Log{l}) }

// StoreLogs implements raft.LogStore.
func (c *cutLog) StoreLogs(logs []*raft.Log) error {
	err := c.LogStore.StoreLogs(logs)
	switch {
	case err == nil:
		c.cut.Store(false)
	case c.cut.Load():
		c.die()
	}
	return err
}
