package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// writeSkew has transactions decide by what they read what to write elsewhere, as two doctors who each go off call because the other is on
// call. In every other group they decide by two items, and in the others by what a scan finds.
type writeSkew struct {
	*keyGroups
	held isolation
}

var writeSkews = Info{
	Name: "write-skew",
	Doc:  "transactions that read two lists, or scan a prefix, and append to one of them; no two miss each other's writes unless the level permits it",
	Clients: "Clients read two lists and append to one of the two, or scan a prefix and insert a key with it, in one transaction. Others only " +
		"read. In the end every list is read near every node.",
	Holds:  "As for `list-append`. Two transactions that miss each other's writes are G2-item, or G2 if a scan missed one.",
	Breaks: "Snapshot isolation that is called serializable, locks on keys and not on predicates, validation of writes alone.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return &writeSkew{newKeyGroups(o, skewGroups, skewLife), o.ConsistencyModels}
	},
}

const (
	skewGroups       = 4
	skewLife         = 20
	shareOfSkewReads = 0.20 // of the transactions; they only read
)

func (w *writeSkew) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &writeSkewThread{draw: c.Draw, groups: w.keyGroups} }},
		ReadNearEachNode(func() []cluster.Op { return readsInTransactions(w.names()) }),
	}
}

func (w *writeSkew) Checkers() []checker.Checker { return []checker.Checker{txn.ListAppend(w.held...)} }

// writeSkewThread generates one thread's transactions.
type writeSkewThread struct {
	indifferent
	draw   *rand.Rand
	groups *keyGroups
}

func (t *writeSkewThread) Next() (cluster.Op, bool) {
	g := t.groups.next(t.draw)
	onlyRead := t.draw.Float64() < shareOfSkewReads
	if g.number%2 == 0 {
		scan := ops.ScanOf(g.name)
		if onlyRead {
			return inTransaction(scan), true
		}
		return inTransaction(scan, g.insert()), true
	}
	first := 1 + t.draw.IntN(2)
	steps := []ops.Step{ops.ReadOf(g.key(first)), ops.ReadOf(g.key(3 - first))}
	if !onlyRead {
		steps = append(steps, g.append(1+t.draw.IntN(2)))
	}
	return inTransaction(steps...), true
}
