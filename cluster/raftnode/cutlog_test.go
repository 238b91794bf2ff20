package raftnode

import (
	"errors"
	"testing"

	"github.com/hashicorp/raft"
)

// A process dies when its disk fails between the deletion of the log's end and the next write, and at no other failure.
func TestCutLog(t *testing.T) {
	entries := func(from, to uint64) (all []*raft.Log) {
		for i := from; i <= to; i++ {
			all = append(all, &raft.Log{Index: i, Term: 1})
		}
		return all
	}
	tests := []struct {
		name string
		do   func(c *cutLog, d *failing)
		dies bool
	}{
		{"a write fails", func(c *cutLog, d *failing) { d.fails = true; _ = c.StoreLogs(entries(11, 12)) }, false},
		{"the beginning is deleted and a write fails", func(c *cutLog, d *failing) {
			_ = c.DeleteRange(1, 5)
			d.fails = true
			_ = c.StoreLog(entries(11, 11)[0])
		}, false},
		{"the end is deleted and a write fails", func(c *cutLog, d *failing) {
			_ = c.DeleteRange(8, 10)
			d.fails = true
			_ = c.StoreLog(entries(8, 8)[0])
		}, true},
		{"the end is deleted, one write succeeds, and the next fails", func(c *cutLog, d *failing) {
			_ = c.DeleteRange(8, 10)
			_ = c.StoreLogs(entries(8, 9))
			d.fails = true
			_ = c.StoreLogs(entries(10, 11))
		}, false},
		{"the end cannot be deleted, and a write fails", func(c *cutLog, d *failing) {
			d.fails = true
			_ = c.DeleteRange(8, 10)
			_ = c.StoreLogs(entries(11, 12))
		}, false},
	}
	for _, tt := range tests {
		d := &failing{InmemStore: raft.NewInmemStore()}
		if err := d.StoreLogs(entries(1, 10)); err != nil {
			t.Fatal(err)
		}
		died := false
		tt.do(&cutLog{LogStore: d, die: func() { died = true }}, d)
		if died != tt.dies {
			t.Errorf("%s: it dies: %v", tt.name, died)
		}
	}
}

// failing is a log store on a disk that may fail.
type failing struct {
	*raft.InmemStore
	fails bool
}

var errDisk = errors.New("input/output error")

func (f *failing) StoreLogs(logs []*raft.Log) error {
	if f.fails {
		return errDisk
	}
	return f.InmemStore.StoreLogs(logs)
}

func (f *failing) DeleteRange(first, last uint64) error {
	if f.fails {
		return errDisk
	}
	return f.InmemStore.DeleteRange(first, last)
}
