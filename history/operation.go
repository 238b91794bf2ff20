package history

import (
	"fmt"
	"time"
)

// Operation is an invocation together with its completion. It takes 128 bytes: what there are millions of in
// memory should be small.
type Operation struct {
	F        string
	Key      string
	Input    Value // its argument; where the invocation said nothing, what the completion says (see contradiction.go)
	Output   Value // what an ok operation returned, or what a failed one found (see PreconditionFailed)
	Invoke   time.Duration
	Return   time.Duration // meaningful only for OK and Fail: an info may take effect at any later time; see Order for when it precedes Invoke
	LogIndex uint64
	answer   *answer // nil if it is empty
	// Invoked and Returned are positions in History.Events; Returned is -1 if nothing completes it.
	Invoked, Returned int32
	Process           int32
	Outcome           Type // OK, Fail or Info; an operation that the history does not complete is Info
	Final             bool // one of its events is marked as final
}

// answer is what few ask for, and what is the same for many operations: they share it, so it never changes.
type answer struct{ node, reason string }

// Node is the node that answered, else the one that was asked; empty if unknown.
func (op *Operation) Node() string {
	if op.answer == nil {
		return ""
	}
	return op.answer.node
}

// Where is the node in words, also if it is unknown: a process asks one node only as far as anybody knows.
func (op *Operation) Where() string {
	if node := op.Node(); node != "" {
		return node
	}
	return fmt.Sprintf("the node of process %d", op.Process)
}

// Reason is the Error of the event that completed it: why it failed or is unknown; empty otherwise.
func (op *Operation) Reason() string {
	if op.answer == nil {
		return ""
	}
	return op.answer.reason
}

// Compared reports whether the operation failed because the store compared and found something else, see PreconditionFailed.
func (op *Operation) Compared() bool { return op.Outcome == Fail && compared(op.Reason()) }

// Served reports whether the store has served the operation: it is ok, or it failed for what others had done, and not because the store could
// do nothing for it. See PreconditionFailed and Deadlock.
func (op *Operation) Served() bool {
	return op.Outcome == OK || op.Compared() || op.Outcome == Fail && conflicted(op.Reason())
}

// Answered sets both.
func (op *Operation) Answered(node, reason string) {
	op.answer = nil
	if node != "" || reason != "" {
		op.answer = &answer{node, reason}
	}
}

// Operations joins the client operations of a history, in order of invocation. It refuses what breaks
// the rules, see Pairing.
func Operations(events []Event) ([]Operation, error) {
	var p Pairing
	ops := make([]Operation, 0, len(events)/2)
	place := map[int]int{} // where in ops the operation is that a process has open
	for i := range events {
		e := &events[i]
		op, err := p.Add(e)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", i, err)
		}
		switch {
		case op != nil:
			ops[place[e.Process]] = *op
		case e.Process != Nemesis:
			place[e.Process] = len(ops)
			ops = append(ops, *p.open[e.Process])
		}
	}
	return ops, nil
}
