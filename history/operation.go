package history

import (
	"fmt"
	"time"
)

// Operation is an invocation together with its completion.
type Operation struct {
	Process  int
	F        string
	Key      string
	Node     string // the node that answered, else the one that was asked
	Input    Value
	Output   Value // what an ok operation returned, or what a failed one found (see PreconditionFailed)
	Outcome  Type  // OK, Fail or Info; an operation that the history does not complete is Info
	Error    string
	Invoke   time.Duration
	Return   time.Duration // meaningful only for OK and Fail: an info may take effect at any later time
	LogIndex uint64
	// Invoked and Returned are positions in History.Events; Returned is -1 if nothing completes it.
	Invoked, Returned int
}

// Operations joins the client operations of a history, in order of invocation. It refuses a history that
// breaks the rules: time that runs backwards, a process with two operations at once, a completion
// without an invocation or of another operation, a process that goes on after info.
func Operations(events []Event) ([]Operation, error) {
	var ops []Operation
	open := map[int]int{}  // process → index into ops
	gone := map[int]bool{} // processes that ended in info
	last := time.Duration(0)
	for i, e := range events {
		if e.Time < last {
			return nil, fmt.Errorf("event %d: time runs backwards, from %v to %v", i, last, e.Time)
		}
		last = e.Time
		if e.Process == Nemesis {
			continue
		}
		if gone[e.Process] {
			return nil, fmt.Errorf("event %d: process %d goes on after its operation ended in info", i, e.Process)
		}
		k, pending := open[e.Process]
		switch {
		case e.Type == Invoke && pending:
			return nil, fmt.Errorf("event %d: process %d invokes %s while its %s is open", i, e.Process, e.F, ops[k].F)
		case e.Type == Invoke:
			open[e.Process] = len(ops)
			ops = append(ops, Operation{Process: e.Process, F: e.F, Key: e.Key, Node: e.Node, Input: e.Value,
				Outcome: Info, Invoke: e.Time, Invoked: i, Returned: -1})
			continue
		case !pending:
			return nil, fmt.Errorf("event %d: process %d completes %s, which it did not invoke", i, e.Process, e.F)
		case ops[k].F != e.F || ops[k].Key != e.Key:
			return nil, fmt.Errorf("event %d: process %d invoked %s %s and completes %s %s", i, e.Process, ops[k].F, ops[k].Key, e.F, e.Key)
		}
		delete(open, e.Process)
		gone[e.Process] = e.Type == Info
		complete(&ops[k], e, i)
	}
	return ops, nil
}

func complete(op *Operation, e Event, at int) {
	op.Outcome, op.Error, op.LogIndex = e.Type, e.Error, e.LogIndex
	op.Return, op.Returned = e.Time, at
	if e.Node != "" {
		op.Node = e.Node
	}
	if e.Type != Info {
		op.Output = e.Value
	}
}
