// Package wr is the form of a history in which isolation levels of registers are decided: committed transactions, and for
// each read whose write it saw.
//
// Whoever makes a History resolves each read to a write. Transactions that certainly aborted are left out. A transaction of
// unknown outcome is in it if somebody saw a write of it, with its writes alone, as nobody knows what it read; otherwise it
// is left out, because it may have aborted. Reads that refute every level by themselves have no place here and are reported
// by whoever finds them: of aborted or unwritten values (G1a), of a value that its transaction overwrote (G1b), and
// reads of the reader's own writes other than the last one before. Correct reads of own writes are left out too.
package wr

import (
	"fmt"
	"math"
)

// History is the committed transactions in columns.
type History struct {
	// Session is the session of each transaction, from 0. Transactions of one session are in the session's order.
	Session []int32
	// Begin and End are when each transaction was invoked and returned, for those who want real time; both may be nil.
	// End is Never where that is not known.
	Begin, End []int64
	First      []int32 // transaction t has Events[First[t]:First[t+1]], in program order
	Events     []Event
	// Joined are the events that one step has together with the event before them, as a scan reads many keys at once. In order.
	Joined []int32
	Keys   int // keys are numbered from 0
	// Ordered are the first writers of each key in the order of their versions, where that is known. All others come behind them. Nil if no order is
	// known.
	Ordered [][]int32
}

// Event is a read or a write of a key.
type Event struct {
	Key  int32
	From int32 // the transaction whose last write to Key was read, or Initial; Write for a write
}

// What From may be other than a transaction.
const (
	Initial int32 = -1 // a read of the value that the key had at first
	Write   int32 = -2 // a write
)

// Never is the End of a transaction that may have taken effect at any time since it began.
const Never int64 = math.MaxInt64

// Len is the number of transactions.
func (h *History) Len() int { return len(h.Session) }

// Of are the events of transaction t, in program order.
func (h *History) Of(t int32) []Event { return h.Events[h.First[t]:h.First[t+1]] }

// Sessions is the number of sessions: one more than the greatest.
func (h *History) Sessions() int {
	n := int32(0)
	for _, s := range h.Session {
		n = max(n, s+1)
	}
	return int(n)
}

// IsWrite tells whether it is a write.
func (e Event) IsWrite() bool { return e.From == Write }

// Check refuses a history whose columns contradict each other: an error is a mistake of whoever made it.
func (h *History) Check() error {
	n := h.Len()
	if len(h.First) != n+1 || h.First[0] != 0 || int(h.First[n]) != len(h.Events) {
		return fmt.Errorf("the first events of %d transactions do not divide %d events", n, len(h.Events))
	}
	if (h.Begin != nil || h.End != nil) && (len(h.Begin) != n || len(h.End) != n) {
		return fmt.Errorf("%d transactions have %d beginnings and %d ends", n, len(h.Begin), len(h.End))
	}
	for t := range int32(n) {
		if h.Session[t] < 0 || h.First[t] > h.First[t+1] {
			return fmt.Errorf("transaction %d: session %d, events %d to %d", t, h.Session[t], h.First[t], h.First[t+1])
		}
		if err := h.checkEvents(t); err != nil {
			return err
		}
	}
	if h.Ordered != nil && len(h.Ordered) != h.Keys {
		return fmt.Errorf("of %d keys %d have an order", h.Keys, len(h.Ordered))
	}
	return h.checkVersions()
}

func (h *History) checkEvents(t int32) error {
	for i, e := range h.Of(t) {
		if e.Key < 0 || int(e.Key) >= h.Keys {
			return fmt.Errorf("transaction %d: event %d: key %d is none of %d", t, i, e.Key, h.Keys)
		}
		if e.From < Write || int(e.From) >= h.Len() || e.From == t {
			return fmt.Errorf("transaction %d: event %d reads key %d from %d", t, i, e.Key, e.From)
		}
	}
	return nil
}

// checkVersions holds each read, and the order of versions, to transactions that write the key.
func (h *History) checkVersions() error {
	type write struct{ t, key int32 }
	wrote := map[write]bool{}
	for t := range int32(h.Len()) {
		for _, e := range h.Of(t) {
			if e.IsWrite() {
				wrote[write{t, e.Key}] = true
			}
		}
	}
	for t := range int32(h.Len()) {
		for i, e := range h.Of(t) {
			if e.From >= 0 && !wrote[write{e.From, e.Key}] {
				return fmt.Errorf("transaction %d: event %d reads key %d from %d, which does not write it", t, i, e.Key, e.From)
			}
		}
	}
	for key, writers := range h.Ordered {
		for _, t := range writers {
			if !wrote[write{t, int32(key)}] {
				return fmt.Errorf("transaction %d is in the order of key %d, which it does not write", t, key)
			}
		}
	}
	return nil
}
