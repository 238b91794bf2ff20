package txn

import (
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/internal/wr"
)

// writeRead is a history in the form in which levels of registers are decided exactly: which transaction read from which.
type writeRead struct {
	*wr.History
	txns  []int32 // of each of its transactions, the number in the record
	reads reads
	wrote []int32 // 1 more than the last transaction that wrote each key
}

// reads are those that a level is about.
type reads uint8

const (
	everything reads = iota
	items            // and not what scans did not find
)

// writeRead takes what was committed. A read that refutes more than the order of versions could is left out: others find it. With
// sessions of their own, transactions have no order but that of the data and of real time.
func (a *analysis) writeRead(reads reads, sessions bool) writeRead {
	h := a.record
	w := writeRead{History: &wr.History{Keys: h.Keys.Len()}, reads: reads, wrote: make([]int32, h.Keys.Len())}
	number := make([]int32, h.Len())
	w.Session, w.Begin, w.End = make([]int32, 0, h.Len()), make([]int64, 0, h.Len()), make([]int64, 0, h.Len())
	w.txns = make([]int32, 0, h.Len())
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
	w.First = make([]int32, 0, len(w.txns)+1)
	w.Events = make([]wr.Event, 0, len(h.Steps.Kind))
	for _, t := range w.txns {
		w.First = append(w.First, int32(len(w.Events)))
		a.events(&w, t, number)
	}
	w.First = append(w.First, int32(len(w.Events)))
	w.Ordered = a.data.ordered(number)
	return w
}

func end(returned int32) int64 {
	if returned == record.Never {
		return wr.Never
	}
	return int64(returned)
}

// events adds those of a transaction. Of several writes of a key the last one is seen; the first one says when the transaction has overwritten others.
func (a *analysis) events(w *writeRead, t int32, number []int32) {
	s := &a.record.Steps
	scanned := len(w.Events) // where the events of the scan begin that is looked at
	for step := a.record.First[t]; step < a.record.First[t+1]; step++ {
		key, saw := s.Key[step], s.Saw[step]
		if s.Kind[step] != record.Scanned {
			scanned = len(w.Events)
		}
		switch {
		case s.Kind[step] == record.Write:
			if w.wrote[key] != t+1 {
				w.wrote[key] = t + 1
				w.add(wr.Event{Key: key, From: wr.Write}, scanned)
			}
		case s.Kind[step] == record.Scan && w.reads == everything:
			for absent := range a.record.Absent(step) {
				w.add(wr.Event{Key: absent, From: wr.Initial}, scanned)
			}
		case s.Kind[step] == record.Scan:
		case saw == record.Initial:
			w.add(wr.Event{Key: key, From: wr.Initial}, scanned)
		case saw >= 0 && s.Txn[saw] != t && a.record.Committed[s.Txn[saw]] && a.data.final(saw):
			w.add(wr.Event{Key: key, From: number[s.Txn[saw]]}, scanned)
		}
	}
}

// add adds an event of a step whose events begin at a place.
func (w *writeRead) add(e wr.Event, step int) {
	if len(w.Events) > step {
		w.Joined = append(w.Joined, int32(len(w.Events)))
	}
	w.Events = append(w.Events, e)
}
