package txn

import (
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/internal/wr"
)

// writeRead is a history in the form in which levels of registers are decided exactly: who read from whom.
type writeRead struct {
	*wr.History
	txns []int32 // of each of its transactions, the number in the record
}

// writeRead takes what was committed. A read that refutes more than the order of versions could is left out: others find it. With
// sessions of their own, transactions have no order but that of the data and of real time.
func (a *analysis) writeRead(sessions bool) writeRead {
	h := a.record
	w := writeRead{History: &wr.History{Keys: h.Keys.Len()}}
	number := make([]int32, h.Len())
	for t, committed := range h.Committed {
		if !committed {
			continue
		}
		number[t] = int32(len(w.txns))
		w.txns = append(w.txns, int32(t))
		s := number[t]
		if sessions {
			s = a.sessions[t]
		}
		w.Session = append(w.Session, s)
		w.Begin = append(w.Begin, int64(h.Invoked[t]))
		w.End = append(w.End, end(h.Returned[t]))
	}
	for _, t := range w.txns {
		w.First = append(w.First, int32(len(w.Events)))
		a.events(&w, t, number)
	}
	w.First = append(w.First, int32(len(w.Events)))
	return w
}

func end(returned int32) int64 {
	if returned == record.Never {
		return wr.Never
	}
	return int64(returned)
}

// events adds those of a transaction. Of several writes of a key the last one counts.
func (a *analysis) events(w *writeRead, t int32, number []int32) {
	s := &a.record.Steps
	for step := a.record.First[t]; step < a.record.First[t+1]; step++ {
		key, saw := s.Key[step], s.Saw[step]
		switch s.Kind[step] {
		case record.Write:
			if e, ok := a.data.previous(step, number); ok {
				w.Events = append(w.Events, e)
			}
			if a.data.final(step) {
				w.Events = append(w.Events, wr.Event{Key: key, From: wr.Write})
			}
		case record.Scan:
			for absent := range a.record.Absent(step) {
				w.Events = append(w.Events, wr.Event{Key: absent, From: wr.Initial})
			}
		default:
			if saw == record.Initial {
				w.Events = append(w.Events, wr.Event{Key: key, From: wr.Initial})
			} else if saw >= 0 && s.Txn[saw] != t && a.record.Committed[s.Txn[saw]] && a.data.final(saw) {
				w.Events = append(w.Events, wr.Event{Key: key, From: number[s.Txn[saw]]})
			}
		}
	}
}
