package isolation

import (
	"slices"

	"faultline/internal/audit/oracle"
)

// readUncommitted: no G0. The order of appends is known by what was read, whoever read it and whatever became of the others, so that
// the elements of committed transactions that a read shows are a beginning of all that they appended, in the order.
func readUncommitted(e *execution) bool {
	for t := range e.h.Transactions {
		if !e.committed.has(t) || !e.h.Lists {
			continue
		}
		for _, s := range e.h.Transactions[t].Steps {
			if s.Kind == Read && !begins(e.now(s.Key), e.ofCommitted(s)) {
				return false
			}
		}
	}
	return true
}

func begins(list, beginning []int) bool {
	return len(beginning) <= len(list) && slices.Equal(list[:len(beginning)], beginning)
}

// ofCommitted are the elements that a read saw of committed transactions.
func (e *execution) ofCommitted(s Step) []int {
	var elements []int
	for _, element := range s.Seen {
		for t := range e.h.Transactions {
			if e.committed.has(t) && e.h.Transactions[t].appends(s.Key, element) {
				elements = append(elements, element)
			}
		}
	}
	return elements
}

func (t *Transaction) appends(key, element int) bool {
	return slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Kind == Append && s.Key == key && s.Value == element })
}

// mixed reports whether the definitions of Adya's levels leave open what to say of the history: reads contradict each other, a transaction
// does not read its own writes, or the elements of two are mixed, or one's are not all there though others follow.
func (h *History) mixed() bool {
	if h.Contradictory() {
		return true
	}
	for t := range h.Transactions {
		tx := &h.Transactions[t]
		for i, s := range tx.Steps {
			if s.Kind == Read && (tx.deniesOwn(i) || h.Lists && h.torn(s)) {
				return true
			}
		}
	}
	return false
}

// deniesOwn reports whether the read at a position does not end with what the transaction has written, or shows what it had yet to write.
func (t *Transaction) deniesOwn(at int) bool {
	s := t.Steps[at]
	own := after(nil, t.Steps[:at], s.Key)
	if len(own) > 0 && (len(s.Seen) < len(own) || !slices.Equal(s.Seen[len(s.Seen)-len(own):], own)) {
		return true
	}
	for _, later := range t.Steps[at:] {
		if later.Kind != Read && later.Key == s.Key && slices.Contains(s.Seen, later.Value) {
			return true
		}
	}
	return false
}

// torn reports whether a list shows the elements of some transaction in pieces or in another order.
func (h *History) torn(s Step) bool {
	for t := range h.Transactions {
		if h.Transactions[t].Outcome == oracle.Fail {
			continue
		}
		var shown []int // where
		all := after(nil, h.Transactions[t].Steps, s.Key)
		for at, element := range s.Seen {
			if slices.Contains(all, element) {
				shown = append(shown, at)
			}
		}
		for i, at := range shown {
			if at != shown[0]+i || s.Seen[at] != all[i] {
				return true
			}
		}
		if n := len(shown); 0 < n && n < len(all) && shown[n-1] < len(s.Seen)-1 {
			return true
		}
	}
	return false
}
