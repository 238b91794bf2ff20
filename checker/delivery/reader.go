package delivery

import (
	"fmt"
	"strings"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
)

// patience is how long a reader of the end must have waited in vain before what it did not get is missing. It is what a cluster has
// to come back after everything is healed.
const patience = time.Minute

// reader is a client that reads all there is once everything is healed.
type reader struct {
	label  string // "n2", or "the consumer of process 7" if it is bound to no node
	bound  bool   // it reads what a node has
	prefix string
	from   int64 // where it began, or where what was compacted ends
	// compacted says that nothing before from can be had any more.
	compacted bool
	next      int64 // all before it was delivered, or is missing
	has       map[place]history.Value
	last      *history.Operation
	// idle is the last reading, if it was in vain. The reader has come to an end then, at next.
	idle   *history.Operation
	reason string // why the last reading has no answer; empty if it has one
	gap    string // what it never asked for; empty if it asked for everything
}

// final reports whether an operation is one of the last phases.
func (f *feed) final(op *history.Operation) bool { return f.settled > 0 && op.Invoke >= f.settled }

// readers are the clients that read in the end, in the order in which they began.
func (f *feed) readers() []*reader {
	type client struct {
		process int32
		asks    string
	}
	byClient := map[client]*reader{}
	var all []*reader
	of := func(op *history.Operation) *reader {
		r := byClient[client{op.Process, op.F}]
		if r == nil {
			from, _ := op.Input.Int()
			r = &reader{from: from, next: from, has: map[place]history.Value{}, prefix: op.Key, bound: op.F != ops.Poll}
			if op.F != ops.Watch {
				r.prefix = ""
			}
			byClient[client{op.Process, op.F}] = r
			all = append(all, r)
		}
		return r
	}
	answers, failures := f.readings, f.failed
	for len(answers) > 0 || len(failures) > 0 { // in the order in which they were invoked
		if len(failures) == 0 || len(answers) > 0 && answers[0].op.Invoked < failures[0].Invoked {
			f.clock.Spend(len(answers[0].entries))
			if f.final(answers[0].op) {
				of(answers[0].op).take(answers[0])
			}
			answers = answers[1:]
			continue
		}
		if f.final(failures[0]) {
			of(failures[0]).fail(failures[0])
		}
		failures = failures[1:]
	}
	return all
}

// take takes the next reading of a reader.
func (r *reader) take(a *reading) {
	r.called(a.op)
	r.idle, r.reason = nil, ""
	if a.from > r.next && r.gap == "" {
		r.gap = fmt.Sprintf("was not asked for what is between %d and %d", r.next-1, a.from)
	}
	for _, e := range a.entries {
		r.has[e.place()] = e.value
	}
	if a.through < a.from {
		r.idle = a.op
	}
	if r.gap == "" {
		r.next = max(r.next, a.through+1)
	}
}

// fail takes a reading without an answer. What is compacted cannot be had any more, and is nobody's loss.
func (r *reader) fail(op *history.Operation) {
	r.called(op)
	r.idle = nil
	if first, ok := op.Output.Int(); ok && op.Reason() == ops.Compacted && first > r.next {
		r.from, r.next, r.reason, r.compacted = first, first, "", true
		return
	}
	r.reason = "had no answer"
	if op.Reason() != "" {
		r.reason += ": " + op.Reason()
	}
}

func (r *reader) called(op *history.Operation) {
	r.last = op
	r.label = fmt.Sprintf("the consumer of process %d", op.Process)
	if r.bound {
		r.label = op.Where()
	}
}

// repeated reports whether a later reader reads what a node has once more: then it is that one which has to come to the end. A watch has to
// whoever else watches.
func (r *reader) repeated(later *reader) bool {
	return r.last.F == ops.Fetch && later.last.F == ops.Fetch && r.label == later.label && later.from <= r.from
}

// covers reports whether a fact is the reader's business.
func (r *reader) covers(g *fact) bool { return g.at >= r.from && strings.HasPrefix(g.key, r.prefix) }

// lacks reports whether a reader should have a fact and has not. A write that is elsewhere is not missing.
func (r *reader) lacks(g *fact) bool {
	if !r.covers(g) || r.hasAt(g.place(), g.value) {
		return false
	}
	if g.by == nil {
		return true
	}
	for _, at := range g.by.at {
		if r.hasAt(place{at, g.key}, g.value) {
			return false
		}
	}
	return true
}

func (r *reader) hasAt(p place, v history.Value) bool {
	held, ok := r.has[p]
	return ok && held.Equal(v)
}

// certain reports whether a fact that a reader lacks is missing for good: what comes after it was delivered, or nothing for long.
func (r *reader) certain(g *fact, settled time.Duration) bool {
	return g.at < r.next || r.gap == "" && r.idle != nil && r.idle.Return-settled >= patience
}
