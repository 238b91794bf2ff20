package txn

import (
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/txn/internal/record"
)

// byCursors decides cursor stability of lists: a transaction that reads a key and later appends to it appends to what it read (Adya 1999, G-cursor: a cycle of
// one anti-dependency and write dependencies on one key). Each read counts as one through a cursor, and so does what a scan found.
func byCursors(a *analysis) answer {
	h := a.record
	writes := &nextWrites{h: h, of: make([]int32, h.Keys.Len())}
	for t, committed := range h.Committed {
		if !committed {
			continue
		}
		for i, write := range writes.find(int32(t)) {
			read := h.First[t] + int32(i)
			if write < 0 || !h.Steps.Kind[read].IsRead() || h.Steps.Saw[read] < record.Initial {
				continue
			}
			if between := a.data.(*listData).Between(read, write); between >= 0 {
				return answer{validity: checker.Invalid, finding: a.ofCursor(read, between, write)}
			}
		}
	}
	return answer{validity: checker.Valid}
}

// nextWrites finds what the steps of a transaction are followed by.
type nextWrites struct {
	h    *record.History
	of   []int32 // of each key, the write that was found last
	next []int32
}

// find has for each step of a transaction its next write to the same key; negative if there is none.
func (n *nextWrites) find(t int32) []int32 {
	first, end := n.h.First[t], n.h.First[t+1]
	n.next = slices.Grow(n.next[:0], int(end-first))[:end-first]
	for step := end - 1; step >= first; step-- {
		n.next[step-first] = -1
		if n.h.Steps.Kind[step] == record.Scan {
			continue
		}
		of := &n.of[n.h.Steps.Key[step]]
		if *of > step { // and none of a transaction before
			n.next[step-first] = *of
		}
		if n.h.Steps.Kind[step] == record.Write {
			*of = step
		}
	}
	return n.next
}

// ofCursor tells of an append between a read and the append that should have followed it.
func (a *analysis) ofCursor(read, between, write int32) checker.Finding {
	n := a.names()
	t, other := a.record.Steps.Txn[read], a.record.Steps.Txn[between]
	key := a.record.Keys.Name(a.record.Steps.Key[read])
	f := checker.Finding{Anomaly: "G-cursor", On: shown(key)}
	f.Sentence = fmt.Sprintf("%s %s before %s %s, and %s after that", n.of(t), a.read(read, key), n.of(other), a.wrote(between), a.wrote(write))
	return a.shown(f, nil, n)
}
