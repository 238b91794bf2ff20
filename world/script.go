package world

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/workloads"
)

// conduct has the transactions of scripts done, a script after the other, until time is up.
func (t *test) conduct(scripts []workloads.Script) {
	for _, s := range scripts {
		for _, lines := range s.Stages {
			if time.Since(t.start) >= t.spec.TimeLimit {
				return
			}
			t.stage(s.Name, lines)
		}
	}
}

// stage has the lines of a stage done, each transaction by a client of its own.
func (t *test) stage(script string, lines []workloads.Line) {
	var actors []*actor
	alone := !slices.ContainsFunc(lines, func(l workloads.Line) bool { return l.By != lines[0].By })
	for i, l := range lines {
		if alone {
			i = 0
		}
		a := actorOf(actors, l.By)
		if a == nil {
			a = t.newActor(script, l.By, len(actors))
			actors = append(actors, a)
		}
		a.lines = append(a.lines, dueLine{l, time.Duration(i) * workloads.LineEvery})
	}
	begin := time.Now()
	var working sync.WaitGroup
	for _, a := range actors {
		working.Go(func() { a.act(begin) })
	}
	working.Wait()
	t.sleep(workloads.LineEvery)
}

// actor does one transaction of a script. It is two processes of the history: one does the transaction, and the next one its parts.
type actor struct {
	test         *test
	script, name string
	whole, parts int
	client       cluster.Interactive
	open         cluster.Transaction
	lines        []dueLine
	steps        []ops.Step // with what those that are done have read
	ended        bool
}

// dueLine is a line and when it is due, from the beginning of the stage on.
type dueLine struct {
	workloads.Line
	at time.Duration
}

func actorOf(actors []*actor, name string) *actor {
	for _, a := range actors {
		if a.name == name {
			return a
		}
	}
	return nil
}

func (t *test) newActor(script, name string, number int) *actor {
	a := &actor{test: t, script: script, name: name, whole: t.recorder.process(), parts: t.recorder.process()}
	client, ok := t.open(number, a.whole).(cluster.Interactive)
	if !ok {
		panic(fmt.Sprintf("world: a client of %s cannot do a transaction step by step", t.kind.Name))
	}
	a.client = client
	return a
}

// act does the lines, each when it is due and the one before is done.
func (a *actor) act(begin time.Time) {
	defer a.client.Close()
	for _, l := range a.lines {
		if l.Do == ops.OneStep {
			a.steps = append(a.steps, l.Step)
		}
	}
	done := 0
	for i, l := range a.lines {
		if !a.test.sleep(l.at-time.Since(begin)) || a.ended {
			return
		}
		if i == 0 {
			a.record(history.Event{Process: a.whole, Type: history.Invoke, F: ops.Txn, Value: ops.EncodeSteps(a.steps)})
			a.open = a.client.Begin(cluster.TransactionOptions{})
		}
		switch l.Do {
		case ops.OneStep:
			a.step(done)
			done++
		case ops.Commit:
			a.commit()
		default:
			a.rollback()
		}
	}
}

// step does the nth step. What the store has aborted has failed, and what may have been done is rolled back.
func (a *actor) step(n int) {
	s := &a.steps[n]
	out := a.part(ops.OneStep, s.Encode(), func() cluster.Outcome { return a.open.Step(*s) })
	switch {
	case out.Type == history.OK && !s.Writes():
		s.Value = out.Value
	case out.Type == history.Info:
		a.open.Rollback()
		a.end(cluster.Outcome{Type: history.Fail, Node: out.Node, Error: out.Error})
	case out.Type == history.Fail:
		a.end(out)
	}
}

func (a *actor) commit() { a.end(a.part(ops.Commit, history.Value{}, a.open.Commit)) }

func (a *actor) rollback() {
	a.part(ops.Rollback, history.Value{}, a.open.Rollback)
	a.end(cluster.Outcome{Type: history.Fail, Error: ops.Rollback})
}

// part does a part of the transaction and records it.
func (a *actor) part(f string, v history.Value, do func() cluster.Outcome) cluster.Outcome {
	e := history.Event{Process: a.parts, Type: history.Invoke, F: f, Key: a.script + " " + a.name, Value: v}
	a.record(e)
	out := do()
	e.Type, e.Node, e.Error = out.Type, out.Node, out.Error
	if step, err := ops.DecodeStep(v); err == nil && out.Type == history.OK && !step.Writes() {
		step.Value = out.Value
		e.Value = step.Encode()
	}
	a.record(e)
	return out
}

// end records how the transaction ended.
func (a *actor) end(out cluster.Outcome) {
	a.ended = true
	e := history.Event{Process: a.whole, Type: out.Type, F: ops.Txn, Value: ops.EncodeSteps(a.steps), Node: out.Node, Error: out.Error, LogIndex: out.LogIndex}
	if out.Type == history.Fail {
		e.Value = history.Value{}
	}
	a.record(e)
}

func (a *actor) record(e history.Event) { a.test.recorder.add(e) }
