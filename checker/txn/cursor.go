package txn

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/txn/internal/record"
)

// byCursors decides cursor stability of lists: who reads a key and appends to it later appends to what it read (Adya 1999, G-cursor: a cycle of
// one anti-dependency and write dependencies on one key). Each read counts as one through a cursor, and so does what a scan found.
func byCursors(a *analysis) answer {
	h := a.record
	for t, committed := range h.Committed {
		if !committed {
			continue
		}
		for read := h.First[t]; read < h.First[t+1]; read++ {
			if !h.Steps.Kind[read].IsRead() || h.Steps.Saw[read] < record.Initial {
				continue
			}
			write := nextWrite(h, read)
			if write < 0 {
				continue
			}
			if between := a.data.(*listData).Between(read, write); between >= 0 {
				return answer{validity: checker.Invalid, finding: a.ofCursor(read, between, write)}
			}
		}
	}
	return answer{validity: checker.Valid}
}

// nextWrite is the next write of a transaction to the key of one of its steps; negative if there is none.
func nextWrite(h *record.History, step int32) int32 {
	for later := step + 1; later < h.First[h.Steps.Txn[step]+1]; later++ {
		if h.Steps.Kind[later] == record.Write && h.Steps.Key[later] == h.Steps.Key[step] {
			return later
		}
	}
	return -1
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
