package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// rwRegister is Elle's workload of that name. Half of the writes follow a read of the same key in the same transaction: so it is known
// what they overwrite.
type rwRegister struct {
	*liveKeys
	held isolation
}

var rwRegisters = Info{
	Name:    "rw-register",
	Doc:     "transactions that write registers and read them, at the level of isolation that the store claims (Elle's rw-register)",
	Clients: "Clients write unique values to registers and read registers, one to four of them in a transaction, and now and then all with a prefix. Half of the writes follow a read of the same register. A register is used up after 32 writes. In the end every register is read near every node.",
	Holds: "As for `list-append`. Less is known of the order of writes, so less is found, and whether reads are repeatable may remain unknown if " +
		"nothing stronger holds.",
	Breaks: "As for `list-append`; writes that overwrite what they have not seen.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return &rwRegister{newLiveKeys(o), o.ConsistencyModels}
	},
}

func (w *rwRegister) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &rwRegisterThread{draw: c.Draw, keys: w.liveKeys} }},
		ReadNearEachNode(w.readAll),
	}
}

func (w *rwRegister) Checkers() []checker.Checker {
	return []checker.Checker{txn.RWRegister(w.held...)}
}

// rwRegisterThread generates one thread's transactions.
type rwRegisterThread struct {
	indifferent
	draw *rand.Rand
	keys *liveKeys
}

func (t *rwRegisterThread) Next() (cluster.Op, bool) {
	var steps []ops.Step
	for length := 1 + t.draw.IntN(mostSteps); len(steps) < length; {
		switch p := t.draw.Float64(); {
		case p < shareOfScans:
			steps = append(steps, ops.ScanOf(t.keys.scan(t.draw)))
		case p < shareOfScans+shareOfReads:
			steps = append(steps, ops.ReadOf(t.keys.read(t.draw)))
		default:
			write := ops.WriteTo(t.keys.write(t.draw))
			if len(steps)+1 < length && t.draw.IntN(2) == 0 {
				steps = append(steps, ops.ReadOf(write.Key))
			}
			steps = append(steps, write)
		}
	}
	return inTransaction(steps...), true
}
