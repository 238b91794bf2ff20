package workloads

import (
	"math/rand/v2"

	"faultline/checker/txn"
	"faultline/cluster/ops"
)

// rwRegisters is Elle's workload of that name. Half of the writes follow a read of the same key in the same transaction: so it is known
// what they overwrite.
var rwRegisters = Info{
	Name: "rw-register",
	Doc:  "transactions that write registers and read them, at the isolation level that the store claims (Elle's rw-register)",
	Clients: "Clients write unique values to registers and read registers, one to four in a transaction, and sometimes read all registers with " +
		"a prefix. Half of the writes follow a read of the same register. A register is used up after 32 writes. In the end they read " +
		"every register through every node.",
	Holds: "As for `list-append`. Less is known about the order of writes, so fewer anomalies are found. Whether reads are repeatable may " +
		"remain unknown if nothing stronger holds.",
	Breaks: "As for `list-append`; writes that overwrite what they have not seen.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return transactionsOn(newLiveKeys(o), writesAndReads, txn.RWRegister(o.ConsistencyModels...))
	},
}

func writesAndReads(keys *liveKeys, draw *rand.Rand) (steps []ops.Step) {
	for length := 1 + draw.IntN(mostSteps); len(steps) < length; {
		switch p := draw.Float64(); {
		case p < shareOfScans:
			steps = append(steps, ops.ScanOf(keys.scan(draw)))
		case p < shareOfScans+shareOfReads:
			steps = append(steps, ops.ReadOf(keys.read(draw)))
		default:
			write := ops.WriteTo(keys.write(draw))
			if len(steps)+1 < length && draw.IntN(2) == 0 {
				steps = append(steps, ops.ReadOf(write.Key))
			}
			steps = append(steps, write)
		}
	}
	return steps
}
