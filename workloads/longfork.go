package workloads

import (
	"faultline/checker"
	"faultline/checker/visibility"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// longFork is Jepsen's workload of that name: pairs of registers of which each is written once, by a transaction of its own, and both
// are read together again and again meanwhile. A pair is used up after some reads. There are few at a time: what is looked for happens
// when two writes and two reads meet.
type longFork struct {
	pairs []*pair // those in use
	count int     // of all pairs
	held  isolation
}

// pair is two registers.
type pair struct {
	name        string
	written     int // how many of its registers
	transaction int // how many there were
}

var longForks = Info{
	Name:    "long-fork",
	Doc:     "transactions that write one of two registers, or read both; all readers see the writes in one order",
	Clients: "Clients write each of two registers once, in separate transactions, and read both at once before, between and after the writes.",
	Holds: "No two reads see the writes in different orders, one the first without the second and the other the reverse, unless the " +
		"isolation level permits that.",
	Breaks: "Replicas that apply writes in different orders, as under parallel snapshot isolation, and reads of two registers at two moments.",
	Ops:    []string{ops.Txn},
	Models: IsolationLevels,
	Open:   newLongFork,
}

// pairRegisters are the registers of each pair.
var pairRegisters = []string{"a", "b"}

const (
	shareOfForkWrites = 0.30 // of the transactions on a pair that is not written yet
	pairLife          = 20   // how many transactions a pair gets
	pairsAtOnce       = 2
)

func newLongFork(o Options) Workload {
	w := &longFork{held: o.ConsistencyModels}
	for range pairsAtOnce {
		w.pairs = append(w.pairs, w.create())
	}
	return w
}

func (w *longFork) create() *pair {
	w.count++
	return &pair{name: groupName(w.count)}
}

func (w *longFork) Phases() []Phase {
	return []Phase{{When: During, Generator: func(c Client) Generator { return &longForkThread{newThread(c), w} }}}
}

// Checkers judge what reads see. A read of what only failed is an aborted read.
func (w *longFork) Checkers() []checker.Checker {
	return []checker.Checker{w.held.unlessPermitted(visibility.LongFork(), map[string]string{
		"long-fork: long fork": "long-fork", "long-fork: thin-air read": "G1a"})}
}

// longForkThread generates one thread's transactions.
type longForkThread struct {
	thread
	workload *longFork
}

func (t *longForkThread) Next() (cluster.Op, bool) {
	w := t.workload
	k := t.draw.IntN(len(w.pairs))
	p := w.pairs[k]
	if p.transaction++; p.transaction == pairLife {
		w.pairs[k] = w.create()
	}
	if p.written < len(pairRegisters) && t.draw.Float64() < shareOfForkWrites {
		register := pairRegisters[p.written]
		p.written++
		return transaction(p.name, []ops.Step{ops.WriteTo(register, history.IntValue(t.unique()))}), true
	}
	var steps []ops.Step
	for _, i := range t.draw.Perm(len(pairRegisters)) {
		steps = append(steps, ops.ReadOf(pairRegisters[i]))
	}
	return transaction(p.name, steps), true
}
