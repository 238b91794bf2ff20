// Package generate makes small random histories for an audit, and spells them in every format that Faultline reads.
package generate

import (
	"math/rand/v2"
	"slices"
	"time"

	"faultline/internal/audit/oracle"
)

// shape is what one history is like.
type shape struct {
	operations int
	processes  int
	keys       []string
	info, fail float64 // the share of operations that end so
	pending    int     // how many operations may end in info; without a bound if it is 0
	open       float64 // the share of operations that nothing completes, of those that would end in info
	compared   float64 // the share of failures to compare that tell so
	found      float64 // and of these, of those that tell what they found
	mistaken   float64 // the share of answers that are drawn at random
	claims     claims
	nemesis    bool // there are faults
	initial    bool // objects hold something at first
	repeat     bool // completions repeat the argument where nothing is returned
	step       func(*rand.Rand) time.Duration
}

// claims says what the system claims of the order of its operations.
type claims uint8

const (
	noClaims claims = iota
	trueClaims
	someClaims // true ones of some operations
	wildClaims
	claimKinds
)

// Options bound what is drawn. The zero value leaves everything open.
type Options struct {
	Operations int  // at most; 10 if it is 0
	Keys       int  // at most; 3 if it is 0
	Calm       bool // little is pending, so that many operations can be decided by brute force
}

func newShape(r *rand.Rand, o Options) shape {
	s := shape{operations: 1 + r.IntN(o.Operations), processes: 1 + r.IntN(5), repeat: r.IntN(2) == 0,
		keys: [][]string{{""}, {""}, {"a"}, {"a", "b"}, {"a", "b", "c"}}[r.IntN(2+o.Keys)]}
	s.info = pick(r, []float64{0, 0.1, 0.3, 0.6, 0.95})
	s.fail = pick(r, []float64{0, 0.1, 0.3})
	s.open = r.Float64()
	if o.Calm {
		s.operations, s.processes = o.Operations/2+r.IntN(o.Operations/2), 1+r.IntN(3)
		s.info, s.pending = pick(r, []float64{0, 0.02, 0.05}), 2
	}
	s.claims, s.initial, s.nemesis = claims(r.IntN(int(claimKinds))), r.IntN(4) == 0, r.IntN(8) == 0
	s.compared, s.found = pick(r, []float64{0, 0.5, 1}), pick(r, []float64{0, 0.5, 1})
	s.mistaken = pick(r, []float64{0, 0, 0.1, 1})
	s.step = pick(r, []func(*rand.Rand) time.Duration{
		func(*rand.Rand) time.Duration { return 0 },
		func(*rand.Rand) time.Duration { return time.Millisecond },
		func(r *rand.Rand) time.Duration { return time.Duration(r.IntN(2)) * time.Millisecond },
		func(r *rand.Rand) time.Duration { return time.Duration(r.Int64N(int64(time.Second))) },
	})
	return s
}

// call is an operation under way, or one that ended in info and may still take effect.
type call struct {
	process int
	f, key  string
	input   oracle.Value
	output  oracle.Value
	answer  answer
	applied bool
	index   uint64 // of the operation in the order in which they took effect
}

// History draws a history of the clients of objects of that model. Half of them are linearizable by construction,
// before one event of some is changed. Initial is what each object holds at first; None if that is left to the model.
func History(r *rand.Rand, model string, o Options) (events []oracle.Event, initial oracle.Value) {
	if o.Operations == 0 {
		o.Operations = 10
	}
	if o.Keys == 0 {
		o.Keys = 3
	}
	g := &run{r: r, shape: newShape(r, o), pool: newPool(r), object: objects[model]}
	if model == "priority-queue" {
		g.values = integers[:min(len(g.values), len(integers))]
	}
	g.first = pick(r, []int{0, 0, 0, 7, 1 << 20})
	g.start()
	var elements []oracle.Value
	if g.initial {
		elements, initial = drawInitial(r, g.pool, model)
	}
	held := map[string]*[]oracle.Value{}
	for _, k := range g.keys {
		elements := slices.Clone(elements)
		held[k] = &elements
	}
	g.do = func(c *call) (oracle.Value, answer) { return g.object.apply(held[c.key], c.f, c.input) }
	for g.invoked < g.operations || len(g.open) > 0 {
		g.act()
	}
	if r.IntN(3) == 0 {
		spoil(r, g.pool, g.object, g.events)
	}
	return g.events, initial
}

type run struct {
	r *rand.Rand
	shape
	*pool
	object
	do      func(c *call) (oracle.Value, answer) // has the store do it
	events  []oracle.Event
	now     time.Duration
	idle    []int // processes
	first   int   // process
	next    int   // process
	invoked int   // operations
	effects uint64
	open    []*call
	lost    []*call // which ended in info without having taken effect
}

// start makes the processes.
func (g *run) start() {
	g.next = g.first
	for range g.processes {
		g.idle = append(g.idle, g.next)
		g.next++
	}
}

// act has one thing happen.
func (g *run) act() {
	if g.nemesis && g.r.IntN(10) == 0 {
		g.record(&call{process: oracle.Nemesis, f: "partition"}, oracle.Info, oracle.TextValue("n1"), "")
	}
	switch n := g.r.IntN(8); {
	case n < 3 && g.invoked < g.operations && len(g.idle) > 0:
		g.invoke()
	case n < 5 && len(g.open) > 0:
		g.effect(pick(g.r, g.open))
	case n == 5 && len(g.lost) > 0:
		g.effect(pick(g.r, g.lost))
	case n > 5 && len(g.open) > 0:
		g.complete(g.r.IntN(len(g.open)))
	}
}

func (g *run) record(c *call, t oracle.Type, value oracle.Value, reason string) {
	g.now += g.step(g.r)
	e := oracle.Event{Process: c.process, Type: t, F: c.f, Key: c.key, Value: value, Error: reason, Time: g.now}
	if t == oracle.OK || e.Error == oracle.Compared {
		e.Claim = g.claim(c)
	}
	g.events = append(g.events, e)
}

func (g *run) claim(c *call) uint64 {
	switch {
	case g.claims == trueClaims, g.claims == someClaims && g.r.IntN(3) > 0:
		return c.index
	case g.claims == wildClaims:
		return g.r.Uint64N(5)
	}
	return 0
}

func (g *run) invoke() {
	i := g.r.IntN(len(g.idle))
	c := &call{process: g.idle[i], key: pick(g.r, g.keys)}
	c.f, c.input = g.draw(g.r, g.pool)
	g.idle = slices.Delete(g.idle, i, i+1)
	g.open = append(g.open, c)
	g.invoked++
	g.record(c, oracle.Invoke, c.input, "")
}

func (g *run) effect(c *call) {
	if c.applied {
		return
	}
	c.output, c.answer = g.do(c)
	c.applied = c.answer != blocked
	g.effects++
	c.index = g.effects
}

func (g *run) complete(i int) {
	c := g.open[i]
	g.open = slices.Delete(g.open, i, i+1)
	switch n := g.r.Float64(); {
	case n < g.info && (g.pending == 0 || g.next < g.first+g.processes+g.pending):
		g.lose(c)
		return
	case n < g.info+g.fail && !c.applied:
		g.record(c, oracle.Fail, g.repeated(c), "")
	default:
		g.effect(c)
		g.answerTo(c)
	}
	g.idle = append(g.idle, c.process)
}

// lose ends an operation whose outcome its client does not learn. The client goes on as a new process.
func (g *run) lose(c *call) {
	if g.r.Float64() >= g.shape.open {
		g.record(c, oracle.Info, g.repeated(c), "timeout")
	}
	if !c.applied {
		g.lost = append(g.lost, c)
	}
	g.idle = append(g.idle, g.next)
	g.next++
}

func (g *run) answerTo(c *call) {
	output := c.output
	if g.r.Float64() < g.mistaken {
		output = g.object.wrong(g.r, g.pool, c.f, c.input)
	}
	switch {
	case c.answer == blocked:
		g.record(c, oracle.Fail, g.repeated(c), "")
	case c.answer == compared && g.r.Float64() >= g.shape.compared:
		g.record(c, oracle.Fail, oracle.Value{}, "")
	case c.answer == compared && g.r.Float64() >= g.found:
		g.record(c, oracle.Fail, oracle.Value{}, oracle.Compared)
	case c.answer == compared:
		g.record(c, oracle.Fail, c.output, oracle.Compared)
	case output.Kind() == oracle.None:
		g.record(c, oracle.OK, g.repeated(c), "")
	default:
		g.record(c, oracle.OK, output, "")
	}
}

// repeated is the value of a completion that returns nothing.
func (g *run) repeated(c *call) oracle.Value {
	if g.repeat {
		return c.input
	}
	return oracle.Value{}
}

// spoil changes a few events: an answer, an outcome, or the order of two neighbours of different processes.
func spoil(r *rand.Rand, p *pool, o object, events []oracle.Event) {
	for range 1 + r.IntN(2) {
		i := r.IntN(len(events))
		e := &events[i]
		switch {
		case e.Process == oracle.Nemesis:
		case e.Type == oracle.OK && r.IntN(3) > 0:
			if output := o.wrong(r, p, e.F, invocation(events, i).Value); output.Kind() != oracle.None {
				e.Value = output
			}
		case e.Type == oracle.Fail && e.Error == "":
			e.Type = oracle.OK
			if output := o.wrong(r, p, e.F, invocation(events, i).Value); output.Kind() != oracle.None {
				e.Value = output
			}
		case i > 0 && events[i-1].Process != e.Process:
			events[i], events[i-1] = events[i-1], events[i]
			events[i].Time, events[i-1].Time = events[i-1].Time, events[i].Time
		}
	}
}

func invocation(events []oracle.Event, completion int) oracle.Event {
	for i := completion - 1; ; i-- {
		if events[i].Process == events[completion].Process {
			return events[i]
		}
	}
}
