// Package oracle judges small histories by the definitions alone: linearizability (Herlihy and Wing 1990), the objects' sequential
// specifications, the consistency models as docs/checking.md states them, and the rules of the checkers that judge a history as a whole,
// as their documentation states them. It tries every order and every way in which unknown outcomes can have ended, so it is slow and
// plain, and it shares no code with the checkers that it is to judge.
package oracle

import "time"

// Type says what an event tells of its operation.
type Type uint8

const (
	Invoke Type = iota + 1
	OK          // it took effect since its invocation
	Fail        // it never will
	Info        // it may take effect at any time after its invocation, or never
)

// String is the name that Jepsen gives the type.
func (t Type) String() string { return [...]string{"", "invoke", "ok", "fail", "info"}[t] }

// Event is an invocation or a completion.
type Event struct {
	Process int
	Type    Type
	F       string
	Key     string // of the object; empty where there is only one
	Value   Value  // the argument of an invocation, the result of a completion; None if it has none
	Error   string
	Time    time.Duration
	Claim   uint64 // the position that the system claims for it, right or wrong; 0 for none
	Final   bool   // marked as one of those at the end of a test
}

// Nemesis is the process that injects faults. It is no client.
const Nemesis = -1

// Compared is the error of a cas that failed because it found another value than it expected. It is the word of
// history.PreconditionFailed.
const Compared = "precondition-failed"

// Operation is an invocation with its completion.
type Operation struct {
	Process       int
	F             string
	Key           string
	Input, Output Value
	Outcome       Type // OK, Fail or Info; Info too if nothing completes it
	Compared      bool // it failed because it compared; then its output, if any, is what it found
	Final         bool // one of its events is marked so

	Invoked, Returned     int // positions of the events; Returned is meaningless for Info
	InvokedAt, ReturnedAt time.Duration
}

// Operations joins the events of a well-formed history, in order of invocation.
func Operations(events []Event) []Operation {
	var ops []Operation
	open := map[int]int{} // process to operation
	for position, e := range events {
		if e.Process == Nemesis {
			continue
		}
		if e.Type == Invoke {
			open[e.Process] = len(ops)
			ops = append(ops, Operation{Process: e.Process, F: e.F, Key: e.Key, Input: e.Value, Outcome: Info, Final: e.Final,
				Invoked: position, InvokedAt: e.Time})
			continue
		}
		op := &ops[open[e.Process]]
		op.Outcome, op.Output, op.Returned, op.ReturnedAt = e.Type, e.Value, position, e.Time
		op.Compared = e.Type == Fail && e.Error == Compared
		op.Final = op.Final || e.Final
	}
	return ops
}

// ByKey splits operations into those of each object.
func ByKey(ops []Operation) map[string][]Operation {
	keys := map[string][]Operation{}
	for _, op := range ops {
		keys[op.Key] = append(keys[op.Key], op)
	}
	return keys
}

// certain tells that an operation must have a place in every order: it returned, and says something of the object.
func (op *Operation) certain() bool { return op.Outcome == OK || op.Compared }

// pending tells that an operation may have a place in an order.
func (op *Operation) pending() bool { return op.Outcome == Info }
