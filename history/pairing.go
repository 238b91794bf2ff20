package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Pairing joins invocations with their completions, an event at a time, and refuses a history that
// breaks the rules: time that runs backwards, a process with two operations at once, a completion
// without an invocation, of another operation or with another argument (see contradiction.go), a process that goes
// on after info, more events or higher processes than four bytes can count. It holds the operations that are open, and a bit for each process that
// ended in info. The zero value is ready.
type Pairing struct {
	open    map[int]*Operation // by process
	free    []*Operation       // to be used again
	done    *Operation         // what Add returned last
	ended   processSet
	answers answers
	clock   time.Duration
	anyTime bool // time may run backwards: another tool recorded it, and indexes or lines give the order
	events  int32
}

// maxEvents is how many events a history can have: positions take four bytes.
const maxEvents = math.MaxInt32

// Add takes the next event. It returns the operation that the event completes, or nil if it completes
// none; the operation is good until the next call.
func (p *Pairing) Add(e *Event) (*Operation, error) {
	if e.Time < p.clock && !p.anyTime {
		return nil, fmt.Errorf("time runs backwards, from %v to %v", p.clock, e.Time)
	}
	p.clock = e.Time
	if p.events == maxEvents {
		return nil, fmt.Errorf("there are more than %d events", maxEvents)
	}
	at := p.events
	p.events++
	if e.Process == Nemesis {
		return nil, nil
	}
	if e.Process > maxProcess {
		return nil, fmt.Errorf("process %d is beyond %d", e.Process, maxProcess)
	}
	op := p.open[e.Process]
	switch {
	case op == nil && p.ended.has(e.Process):
		return nil, fmt.Errorf("process %d goes on after its operation ended in info", e.Process)
	case e.Type == Invoke && op != nil:
		return nil, fmt.Errorf("process %d invokes %s while its %s is open", e.Process, e.F, op.F)
	case e.Type == Invoke:
		p.invoke(e, at)
		return nil, nil
	case op == nil:
		return nil, fmt.Errorf("process %d completes %s, which it did not invoke", e.Process, e.F)
	case op.F != e.F || op.Key != e.Key:
		return nil, fmt.Errorf("process %d invoked %s and completes %s", e.Process, strings.TrimSpace(op.F+" "+op.Key), strings.TrimSpace(e.F+" "+e.Key))
	}
	argument, ok := op.Input, true
	if e.Value != op.Input && e.Value.Kind() != None {
		argument, ok = argumentOf(op, e)
	}
	if !ok {
		return nil, fmt.Errorf("process %d invoked %s of %s and completes one of %s: the value of a completion repeats that of its invocation, or is left out",
			e.Process, op.F, shortEDN(op.Input), shortEDN(e.Value))
	}
	op.Input = argument
	delete(p.open, e.Process)
	if e.Type == Info {
		p.ended.add(e.Process)
	}
	p.complete(op, e, at)
	p.recycle(op)
	return op, nil
}

func (p *Pairing) invoke(e *Event, at int32) {
	var op *Operation
	if n := len(p.free); n > 0 {
		op, p.free = p.free[n-1], p.free[:n-1]
	} else {
		op = new(Operation)
	}
	*op = Operation{Process: int32(e.Process), F: e.F, Key: e.Key, Input: e.Value,
		Outcome: Info, Invoke: e.Time, Invoked: at, Returned: -1, Final: e.Final, answer: p.answers.of(e.Node, "")}
	if p.open == nil {
		p.open = map[int]*Operation{}
	}
	p.open[e.Process] = op
}

func (p *Pairing) complete(op *Operation, e *Event, at int32) {
	op.Outcome, op.LogIndex = e.Type, e.LogIndex
	op.Return, op.Returned = e.Time, at
	op.Final = op.Final || e.Final
	if node := cmp.Or(e.Node, op.Node()); node != op.Node() || e.Error != "" {
		op.answer = p.answers.of(node, e.Error)
	}
	if e.Type != Info {
		op.Output = e.Value
	}
}

// recycle frees the operation that was returned before op.
func (p *Pairing) recycle(op *Operation) {
	if p.done != nil {
		p.free = append(p.free, p.done)
	}
	p.done = op
}

// Pending returns the operations that nothing has completed, in order of invocation. At the end of a
// history they are as unknown as those that ended in info.
func (p *Pairing) Pending() []Operation {
	ops := make([]Operation, 0, len(p.open))
	for _, op := range p.open {
		ops = append(ops, *op)
	}
	slices.SortFunc(ops, func(a, b Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return ops
}

// answers holds the answers given so far, so that operations can share them. There are few, unless errors contain
// details; when there are too many it begins anew.
type answers map[answer]*answer

const maxAnswers = 1 << 10

func (s *answers) of(node, reason string) *answer {
	if node == "" && reason == "" {
		return nil
	}
	shared := (*s)[answer{node, reason}]
	if shared == nil {
		if len(*s) == 0 || len(*s) == maxAnswers {
			*s = answers{}
		}
		shared = &answer{node, reason}
		(*s)[*shared] = shared
	}
	return shared
}
