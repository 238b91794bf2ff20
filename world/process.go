package world

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/history"
	"faultline/workloads"
)

// process is what a client thread is called in the history while it lives. After an operation with
// unknown outcome the thread goes on as a new process with a new client: the old one may still act. And so it does
// after its client's session has ended.
type process struct {
	test   *test
	thread int
	id     int
	client cluster.Client
}

func (t *test) newProcess(thread int) *process {
	p := &process{test: t, thread: thread}
	p.replace()
	return p
}

func (p *process) replace() {
	if p.client != nil {
		p.client.Close()
	}
	p.id = p.test.recorder.process()
	p.client = p.test.open(p.thread, p.id)
}

// do runs one operation and records it.
func (p *process) do(op cluster.Op) cluster.Outcome {
	p.test.recorder.add(history.Event{Process: p.id, Type: history.Invoke, F: op.F, Key: op.Key, Value: op.Value})
	out := p.client.Do(op)
	done := history.Event{Process: p.id, Type: out.Type, F: op.F, Key: op.Key, Value: op.Value,
		Node: out.Node, Error: out.Error, LogIndex: out.LogIndex}
	if out.Value.Kind() != history.None {
		done.Value = out.Value
	} else if out.Type == history.Fail {
		done.Value = history.Value{}
	}
	p.test.recorder.add(done)
	if out.Type == history.Info || out.Over {
		p.replace()
	}
	return out
}

// load is one client of a phase under load: operations at random instants, at its share of the rate, until there are none left
// or time is up. It returns the process that the client is by then, which is not closed; nil if there was nothing to do.
func (t *test) load(phase workloads.Phase, thread int) *process {
	draw := generator(t.spec.Seed, fmt.Sprintf("client %d", thread))
	ops := t.generator(phase, workloads.Client{Thread: thread, Threads: t.spec.Concurrency, Draw: draw})
	if ops == nil {
		return nil
	}
	p := t.newProcess(thread)
	mean := float64(t.spec.Concurrency) / t.spec.Rate * float64(time.Second)
	for {
		pause := t.pressure.wait(draw.ExpFloat64() * mean)
		if time.Since(t.start)+pause >= t.spec.TimeLimit {
			return p
		}
		if !t.sleep(pause) || !p.one(ops) {
			return p
		}
	}
}

// inTurn is one client of a phase whose operations follow each other at once.
func (t *test) inTurn(phase workloads.Phase, c workloads.Client) {
	ops := t.generator(phase, c)
	if ops == nil || !t.sleep(phase.Rest) {
		return
	}
	p := t.newProcess(c.Node)
	defer func() { p.client.Close() }() // the one it has by then
	for p.one(ops) && t.rest(ops) {
	}
}

// rest lets a client rest if its generator says so; false if the test ends meanwhile.
func (t *test) rest(ops workloads.Generator) bool {
	r, ok := ops.(workloads.Resting)
	if !ok || r.Rest() == 0 {
		return true
	}
	return t.sleep(r.Rest())
}

// one does the next operation; false if there is none left.
func (p *process) one(ops workloads.Generator) bool {
	op, ok := p.test.pressure.next(ops)
	if !ok {
		return false
	}
	out := p.do(op)
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	ops.Done(op, out)
	return true
}

// generator asks a phase what a client does.
func (t *test) generator(phase workloads.Phase, c workloads.Client) workloads.Generator {
	nodes := len(t.system.Nodes())
	c.Node, c.Nodes = c.Node%nodes, nodes
	t.mu.Lock()
	defer t.mu.Unlock()
	return phase.Generator(c)
}
