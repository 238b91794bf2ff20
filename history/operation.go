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

// Operations joins the client operations of a history, in order of invocation. It refuses what breaks
// the rules, see Pairing.
func Operations(events []Event) ([]Operation, error) {
	var p Pairing
	var ops []Operation
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

func complete(op *Operation, e *Event, at int) {
	op.Outcome, op.Error, op.LogIndex = e.Type, e.Error, e.LogIndex
	op.Return, op.Returned = e.Time, at
	if e.Node != "" {
		op.Node = e.Node
	}
	if e.Type != Info {
		op.Output = e.Value
	}
}
