package workloads

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// multiRegister has transactions that read and write a few registers in one step. The registers of a group are one object, and no
// transaction touches two groups.
//
// Nothing but a search decides such an object if the store's own order does not explain it. That is why groups are used up: a group
// gets some thirty transactions, and a search through so few is over at once, whatever is pending.
type multiRegister struct {
	hotKey
	groups []*registerGroup // those in use
	count  int              // of all groups
}

// registerGroup is a few registers.
type registerGroup struct {
	name string
	left int // transactions until another group takes its place
}

var multiRegisters = Info{
	Name: "multi-register",
	Doc:  "transactions that read and write two or three registers in one step, linearizable",
	Clients: "Clients read and write two or three registers of a group in one transaction. In the end they read every group through every " +
		"node.",
	Holds:  "Each group is linearizable, as one object.",
	Breaks: "Transactions whose steps are applied one after another, and reads of several registers at different moments.",
	Ops:    []string{ops.Txn},
	Keyed:  true,
	Open:   newMultiRegister,
}

const (
	defaultGroups = 5
	// groupLife is how many transactions a group gets under load.
	groupLife = 30

	// The shares of transactions that only write, and that read and write. The rest only read.
	shareOfWriteTxns = 0.30
	shareOfMixedTxns = 0.25
)

// registerNames are the registers of each group.
var registerNames = []string{"a", "b", "c"}

func newMultiRegister(o Options) Workload {
	if o.Keys == 0 {
		o.Keys = defaultGroups
	}
	w := &multiRegister{hotKey: hotKey{usual: o.HotKey}}
	for range o.Keys {
		w.groups = append(w.groups, w.create())
	}
	return w
}

func (w *multiRegister) create() *registerGroup {
	w.count++
	return &registerGroup{name: groupName(w.count), left: groupLife}
}

func groupName(n int) string { return fmt.Sprintf("g%d", n) }

func (w *multiRegister) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &multiRegisterThread{newThread(c), w} }},
		ReadNearEachNode(w.reads),
	}
}

// reads are of all registers that were ever used, a group at a time.
func (w *multiRegister) reads() []cluster.Op {
	var all []cluster.Op
	for n := range w.count {
		var steps []ops.Step
		for _, r := range registerNames {
			steps = append(steps, ops.ReadOf(r))
		}
		all = append(all, transaction(groupName(n+1), steps))
	}
	return all
}

func (*multiRegister) Checkers() []checker.Checker {
	return []checker.Checker{linear.Checker(linear.MultiRegister())}
}

func transaction(group string, steps []ops.Step) cluster.Op {
	return cluster.Op{F: ops.Txn, Key: group, Value: ops.EncodeSteps(steps)}
}

// multiRegisterThread generates one thread's transactions.
type multiRegisterThread struct {
	thread
	workload *multiRegister
}

func (t *multiRegisterThread) Next() (cluster.Op, bool) {
	w := t.workload
	k := w.pick(t.draw, len(w.groups))
	g := w.groups[k]
	if g.left--; g.left == 0 {
		w.groups[k] = w.create()
	}
	names := t.draw.Perm(len(registerNames))[:2+t.draw.IntN(len(registerNames)-1)]
	p := t.draw.Float64()
	var steps []ops.Step
	for i, n := range names {
		writes := p < shareOfWriteTxns || p < shareOfWriteTxns+shareOfMixedTxns && i > 0
		if writes {
			steps = append(steps, ops.WriteTo(registerNames[n], history.IntValue(t.unique())))
		} else {
			steps = append(steps, ops.ReadOf(registerNames[n]))
		}
	}
	return transaction(g.name, steps), true
}
