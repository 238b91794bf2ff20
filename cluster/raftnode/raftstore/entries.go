package raftstore

import "github.com/hashicorp/raft"

// room is for how many more entries a log is copied when its beginning is deleted.
const room = 512

// entries is a log in memory: consecutive entries from first on.
type entries struct {
	first uint64
	all   []*raft.Log
}

func (e *entries) last() uint64 {
	if len(e.all) == 0 {
		return 0
	}
	return e.first + uint64(len(e.all)) - 1
}

func (e *entries) get(i uint64) *raft.Log {
	if len(e.all) == 0 || i < e.first || i > e.last() {
		return nil
	}
	return e.all[i-e.first]
}

// adjoins reports whether an entry of index i can be stored without a gap.
func (e *entries) adjoins(i uint64) bool {
	return len(e.all) == 0 || e.first <= i && i <= e.last()+1
}

// store appends, or replaces what is there. The entries are consecutive and the first adjoins.
func (e *entries) store(logs []*raft.Log) {
	for _, l := range logs {
		switch {
		case len(e.all) == 0:
			e.first, e.all = l.Index, append(e.all, l)
		case l.Index == e.last()+1:
			e.all = append(e.all, l)
		default:
			e.all[l.Index-e.first] = l
		}
	}
}

// delete drops a range at either end of the log.
func (e *entries) delete(min, max uint64) {
	switch last := e.last(); {
	case len(e.all) == 0 || max < e.first || min > last:
	case min <= e.first && max >= last:
		*e = entries{}
	case min <= e.first:
		keep := e.all[max+1-e.first:]
		e.first, e.all = max+1, append(make([]*raft.Log, 0, len(keep)+room), keep...)
	default: // max >= last
		e.all = e.all[:min-e.first]
	}
}
