package isolation

import (
	"slices"

	"faultline/internal/audit/oracle"
)

// Malformed is what keeps a history from being one of transactions on lists or registers at all. Then no level is asked about.
type Malformed struct {
	DuplicateWrites   bool // two writes of one value to one key
	DuplicateElements bool // a list with an element twice
	Unwritten         bool // a read of what nobody wrote
}

// Malformed finds what is wrong with the history as such.
func (h *History) Malformed() Malformed {
	var m Malformed
	written := map[[2]int]bool{} // key and value
	for _, t := range h.Transactions {
		for _, s := range t.Steps {
			if s.Kind == Read {
				continue
			}
			m.DuplicateWrites = m.DuplicateWrites || written[[2]int{s.Key, s.Value}]
			written[[2]int{s.Key, s.Value}] = true
		}
	}
	for _, t := range h.Transactions {
		for _, s := range t.Steps {
			if s.Kind != Read {
				continue
			}
			for i, v := range s.Seen {
				m.Unwritten = m.Unwritten || !written[[2]int{s.Key, v}]
				m.DuplicateElements = m.DuplicateElements || slices.Contains(s.Seen[:i], v)
			}
		}
	}
	return m
}

// Contradictory reports whether two reads saw lists of a key of which neither begins the other, so that one of them saw
// what was never committed.
func (h *History) Contradictory() bool {
	longest := h.longest()
	return h.Lists && slices.ContainsFunc(h.Transactions, func(t Transaction) bool {
		return slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Kind == Read && !begins(longest[s.Key], s.Seen) })
	})
}

// longest are the longest lists that were read, by key.
func (h *History) longest() [][]int {
	longest := make([][]int, len(h.Keys))
	for _, t := range h.Transactions {
		for _, s := range t.Steps {
			if s.Kind == Read && len(s.Seen) > len(longest[s.Key]) {
				longest[s.Key] = s.Seen
			}
		}
	}
	return longest
}

// Determined reports whether reads show the whole order of a history of lists that is not malformed: no two contradict each other, all that was appended for
// certain was read, and of each transaction of unknown outcome all or nothing was.
func (h *History) Determined() bool {
	longest := h.longest()
	for _, t := range h.Transactions {
		some, whole := false, true
		for _, s := range t.Steps {
			if s.Kind == Append {
				read := slices.Contains(longest[s.Key], s.Value)
				some, whole = some || read, whole && read
			}
		}
		if !whole && (t.Outcome == oracle.OK || some && t.Outcome == oracle.Info) {
			return false
		}
	}
	return h.Lists && !h.Contradictory()
}
