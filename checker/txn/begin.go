package txn

import (
	"faultline/checker"
	"faultline/checker/txn/internal/record"
	"faultline/history"
)

// begin has registers hold something at first: a read of that sees the initial version, and one of null what nobody wrote. Who writes
// that value makes it unclear what reads of it saw.
func begin(h *record.History, i checker.Initial) {
	if !i.Given() {
		return
	}
	s := &h.Steps
	for step, kind := range s.Kind {
		if kind == record.Scan || s.Saw[step] == record.Unread && kind != record.Write {
			continue
		}
		name := h.Keys.Name(s.Key[step])
		initial := i.Under(name)
		value := h.Keys.Value(s.Key[step], s.Value[step])
		switch same := value.Equal(initial); {
		case initial.Kind() <= history.Nil: // null, or left to the model
		case kind == record.Write && same:
			h.Malformed = append(h.Malformed, record.Malformed{Txn: s.Txn[step], Value: value, Reason: "a write of what the register holds at first"})
		case kind == record.Write:
		case same && s.Saw[step] == record.Garbage:
			s.Saw[step] = record.Initial
		case s.Saw[step] == record.Initial:
			s.Saw[step] = record.Garbage
		}
	}
}
