package bugs

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/raftkv"
)

// Bugs in transactions.
var transactions = []bug{
	{Bug: cluster.Bug{
		Name:    "txn-in-pieces",
		Summary: "each step of a transaction is executed by itself: a write is a command of its own, a read comes 20 ms after the one before",
		Why: "Other operations come in between, and after a crash the rest never comes. An atomic step must be one entry of the log, and be " +
			"read from one state.",
		File: "cluster/raftkv/bugs/transactions.go", Workload: "multi-register", Ops: []string{ops.Txn, transaction}, Canary: true,
		FoundBy: []string{"multi-register", "list-append", "rw-register", "lost-update", "write-skew", "phantom"}},
		parts: raftkv.Parts{Write: txnInPieces, Read: txnReadInPieces}},
	{Bug: cluster.Bug{
		Name: "txn-reads-copy",
		Summary: "for a read-only transaction a leader reads the first register from its state, and the others from copies up to a quarter of a " +
			"second old",
		Why: "Two transactions that read in different orders see writes in different orders. Elasticsearch serves a document by its id from " +
			"its current state, and a search from its last refresh; so do all indexes and views that are updated later.",
		File: "cluster/raftkv/bugs/transactions.go", Workload: "long-fork", Ops: []string{ops.Txn}},
		parts: raftkv.Parts{Read: txnReadsCopy}},
}

func txnInPieces(_ *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if c.Name != ops.Txn && c.Name != transaction {
			return next(c)
		}
		return inPieces(c, 0, func(i int, piece raftkv.Command) (raftkv.Result, error) {
			piece.Client += uint64(i) * nobody
			return next(&piece)
		})
	}
}

func txnReadInPieces(_ *raftkv.Node, next raftkv.Read) raftkv.Read {
	const apart = 20 * time.Millisecond
	return func(r *raftkv.Request) (raftkv.Result, error) {
		if name := r.Command.Name; name != ops.Txn && name != transaction {
			return next(r)
		}
		return inPieces(&r.Command, apart, func(_ int, piece raftkv.Command) (raftkv.Result, error) {
			part := *r
			part.Command = piece
			return next(&part)
		})
	}
}

// inPieces has each step of a transaction done, some time after the one before, and puts together what came of them.
func inPieces(c *raftkv.Command, apart time.Duration, do func(i int, piece raftkv.Command) (raftkv.Result, error)) (found raftkv.Result, err error) {
	steps, err := ops.DecodeSteps(objects.Parsed(c.New))
	if err != nil {
		return found, err
	}
	for i := range steps {
		if i > 0 {
			time.Sleep(apart)
		}
		piece := *c
		piece.New = ops.EncodeSteps(steps[i : i+1]).String()
		if found, err = do(i, piece); err != nil {
			return found, err
		}
		if done, err := ops.DecodeSteps(objects.Parsed(found.Value)); err == nil {
			steps[i] = done[0]
		}
	}
	found.Value = ops.EncodeSteps(steps).String()
	return found, nil
}

func txnReadsCopy(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	lookup := oldCopy(n)
	return func(r *raftkv.Request) (raftkv.Result, error) {
		if name := r.Command.Name; name != ops.Txn && name != transaction {
			return next(r)
		}
		return inPieces(&r.Command, 0, func(i int, piece raftkv.Command) (raftkv.Result, error) {
			if i > 0 {
				return lookup(&piece), nil
			}
			part := *r
			part.Command = piece
			return next(&part)
		})
	}
}
