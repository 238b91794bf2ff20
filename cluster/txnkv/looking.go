package txnkv

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// looking is a transaction that reads a snapshot, which the client's own node names and any node that has it shows. No node knows of it.
type looking struct {
	client  *client
	options cluster.TransactionOptions
	known   bool
	at      stamp
}

// Step implements cluster.Transaction.
func (t *looking) Step(s ops.Step) cluster.Outcome {
	if !t.known {
		out := t.ask(asksSnapshot, "", request{})
		if out.Type != history.OK {
			return out
		}
		t.known, t.at = true, out.LogIndex
	}
	return t.ask(asksLook, fmt.Sprintf("%s at %d", s.Key, t.at), request{Step: onTheWay(s, 0), At: t.at})
}

// Commit implements cluster.Transaction. All that the transaction has read was committed.
func (t *looking) Commit() cluster.Outcome {
	return cluster.Outcome{Type: history.OK, LogIndex: t.at, Node: t.client.near}
}

// Rollback implements cluster.Transaction.
func (t *looking) Rollback() cluster.Outcome { return cluster.Outcome{Type: history.OK} }

func (t *looking) ask(kind, detail string, q request) cluster.Outcome {
	return doubtless(t.client.leaders[0].Near(rpc.Operation{Request: rpc.NewRequest(kind, 0, detail, q), Resend: true, Pace: t.options.Pace,
		Answered: func(r rpc.Response) cluster.Outcome {
			var a answer
			if err := r.Decode(&a); err != nil {
				return cluster.Outcome{Type: history.Fail, Error: err.Error()}
			}
			return a.outcome()
		}}))
}
