package etcdreport

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
)

// log collects the events of a history, in any order.
type log struct {
	events []history.Event
	next   int // the first number that no process has
}

func (r *Report) newLog() *log {
	l := &log{}
	for _, op := range r.operations {
		l.next = max(l.next, op.ClientID+1)
	}
	return l
}

// process is a new one.
func (l *log) process() int {
	l.next++
	return l.next - 1
}

// did adds an operation of a process: its invocation at one time and, unless nothing completes it, its completion at another.
func (l *log) did(call, end time.Duration, invoke history.Event, outcome history.Type, output history.Value, why string) {
	invoke.Type, invoke.Time = history.Invoke, call
	done := invoke
	done.Type, done.Time, done.Value, done.Error = outcome, end, output, why
	l.events = append(l.events, invoke, done)
}

// history is what was collected, in order of time. Of what is at one time invocations come first: those operations overlap.
func (l *log) history() []history.Event {
	slices.SortStableFunc(l.events, func(a, b history.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(min(a.Type, history.OK), min(b.Type, history.OK)))
	})
	return l.events
}

// Changes are what was put and removed, and what watches told of it, as package ops has it. Removals that nobody acknowledged, such as those by
// a lease that ended, are left out on both sides: they have no values to tell whose they are. It refuses a report in which a key is put to one value
// twice, as an event does not tell which of the two it is of. Without watches there is nothing to judge, and no event.
func (r *Report) Changes() ([]history.Event, error) {
	if len(r.watches) == 0 {
		return nil, nil
	}
	if err := r.distinct(); err != nil {
		return nil, err
	}
	l := r.newLog()
	removed := map[removal]bool{}
	for i := range r.operations {
		r.operations[i].changes(l, removed)
	}
	for i := range r.watches {
		r.watches[i].readings(l, removed)
	}
	return l.history(), nil
}

// distinct refuses values that a key is put to twice.
func (r *Report) distinct() error {
	type put struct {
		key string
		value
	}
	seen := map[put]bool{}
	for i := range r.operations {
		for _, b := range r.operations[i].branches() {
			for _, s := range b.steps {
				p := put{s.Put.Key, s.Put.Value}
				if s.Type == putStep && seen[p] {
					return fmt.Errorf("the key %s is put to %v twice: watches can be judged only where an event tells which put it is of; --model cas-register judges the keys", p.key, p.value.value())
				}
				seen[p] = true
			}
		}
	}
	return nil
}

// removal is that a key is gone from a revision on.
type removal struct {
	revision int64
	key      string
}

// Registers are the reads, writes and deletes of each key.
func (r *Report) Registers() []history.Event {
	l := r.newLog()
	for i := range r.operations {
		r.operations[i].registers(l)
	}
	return l.history()
}

// branch is what a transaction did or, if its outcome is unknown, may have done.
type branch struct {
	steps   []step
	results []result // none if they are unknown
	outcome history.Type
}

// branches are those of an operation; none if it is no transaction, or certainly did nothing.
func (op *operation) branches() []branch {
	in, out := op.Input.Txn, op.Output.Txn
	switch {
	case op.Input.Type != txnRequest || in == nil || op.Output.ClientError != "":
		return nil
	case op.Output.Error != "" || out == nil:
		return []branch{{in.OperationsOnSuccess, nil, history.Info}, {in.OperationsOnFailure, nil, history.Info}}
	case out.Failure:
		return []branch{{in.OperationsOnFailure, out.Results, history.OK}}
	default:
		return []branch{{in.OperationsOnSuccess, out.Results, history.OK}}
	}
}

// changes adds what an operation changed, all of it at one revision, and notes what it removed.
func (op *operation) changes(l *log, removed map[removal]bool) {
	process := op.ClientID
	for _, b := range op.branches() {
		changed := b.changed()
		if len(changed) == 0 {
			continue
		}
		e := history.Event{Process: process, F: ops.Put, Value: history.MapValue(changed...)}
		if key, _ := changed[0][0].Text(); len(changed) == 1 && changed[0][1].Kind() == history.Nil {
			e.F, e.Key, e.Value = ops.Remove, key, history.Value{}
		} else if len(changed) == 1 {
			e.Key, e.Value = key, changed[0][1]
		}
		made := ops.Version{Revision: op.Output.Revision, Value: e.Value}
		if e.F == ops.Remove {
			made.Value = history.NilValue()
		}
		for _, c := range changed {
			key, _ := c[0].Text()
			removed[removal{made.Revision, key}] = c[1].Kind() == history.Nil
		}
		l.did(op.Call, op.Return, e, b.outcome, known(b.outcome, made.Encode()), op.Output.Error)
		process = l.process()
	}
}

// changed are the keys that are put, with their values, and those that certainly were removed, with null.
func (b branch) changed() [][2]history.Value {
	var all [][2]history.Value
	for i, s := range b.steps {
		switch {
		case s.Type == putStep:
			all = append(all, [2]history.Value{history.TextValue(s.Put.Key), s.Put.Value.value()})
		case s.Type == deleteStep && i < len(b.results) && b.results[i].Deleted > 0:
			all = append(all, [2]history.Value{history.TextValue(s.Delete.Key), history.NilValue()})
		}
	}
	return all
}

// registers adds what an operation did to each of its keys.
func (op *operation) registers(l *log) {
	process := op.ClientID // of the first; others have their own, as they are at the same time
	add := func(e history.Event, outcome history.Type, output history.Value) {
		e.Process = process
		process = l.process()
		l.did(op.Call, op.Return, e, outcome, output, op.Output.Error)
	}
	if in := op.Input.Range; op.Input.Type == rangeRequest && in != nil && in.single() && in.Revision == 0 {
		outcome, found := history.Fail, history.Value{}
		if out := op.Output.Range; out != nil && op.Output.Error == "" && op.Output.ClientError == "" {
			outcome, found = history.OK, out.found()
		}
		add(history.Event{F: "read", Key: in.Start}, outcome, found)
	}
	for _, b := range op.branches() {
		for i, s := range b.steps {
			switch {
			case s.Type == putStep:
				add(history.Event{F: "write", Key: s.Put.Key, Value: s.Put.Value.value()}, b.outcome, history.Value{})
				if s.Put.LeaseID != 0 {
					l.expires(op, s.Put.Key)
				}
			case s.Type == deleteStep:
				add(history.Event{F: "delete", Key: s.Delete.Key}, b.outcome, history.Value{})
			case s.Type == rangeStep && s.Range.single() && i < len(b.results):
				add(history.Event{F: "read", Key: s.Range.Start}, b.outcome, b.results[i].found())
			}
		}
	}
}

// expires adds that a key may be gone at any time after an operation began: its lease was revoked, or expired.
func (l *log) expires(op *operation, key string) {
	l.did(op.Call, op.Return, history.Event{Process: l.process(), F: "delete", Key: key}, history.Info, history.Value{}, "its lease may end")
}

// readings adds what a watch was told, a response at a time. It began at the time of its first response, as far as the report tells.
func (w *watch) readings(l *log, removed map[removal]bool) {
	process, from, before := l.process(), w.Request.Revision, time.Duration(-1)
	for _, response := range w.Responses {
		if response.Error != "" || len(response.Events) == 0 && !response.IsProgressNotify {
			continue
		}
		var told []ops.Event
		last := response.Revision
		for _, e := range response.Events {
			last = e.Revision
			switch {
			case e.Type == putStep:
				told = append(told, ops.Event{Revision: e.Revision, Key: e.Key, Value: e.Value.value()})
			case removed[removal{e.Revision, e.Key}]:
				told = append(told, ops.Event{Revision: e.Revision, Key: e.Key, Value: history.NilValue()})
			}
		}
		if response.IsProgressNotify {
			told = append(told, ops.Event{Revision: response.Revision})
		}
		if before < 0 {
			before = response.Time
		}
		if from == 0 && len(told) > 0 { // it began with what came next
			from = told[0].Revision
		}
		if len(told) > 0 {
			l.did(before, response.Time, history.Event{Process: process, F: ops.Watch, Key: w.Request.Key, Value: history.IntValue(from)},
				history.OK, ops.EncodeEvents(told), "")
			before = response.Time + 1
		}
		from = last + 1
	}
}

// value is the value as a text; of a long one what is known of it.
func (v value) value() history.Value {
	if v.Hash != 0 {
		return history.TextValue(fmt.Sprintf("hash %08x", v.Hash))
	}
	return history.TextValue(v.Value)
}

// found is what the read of one key found.
func (r result) found() history.Value {
	if len(r.KVs) == 0 {
		return history.NilValue()
	}
	return r.KVs[0].Value.value()
}

// known is an answer, if there is one.
func known(outcome history.Type, answer history.Value) history.Value {
	if outcome != history.OK {
		return history.Value{}
	}
	return answer
}
