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
	if out := t.ensure(); out.Type != history.OK {
		return out
	}
	return t.ask(t.client.leaders[0].Near, asksLook, s)
}

// ensure gets a snapshot if there is none.
func (t *looking) ensure() cluster.Outcome {
	out := cluster.Outcome{Type: history.OK}
	if !t.known {
		out = t.ask(t.client.leaders[t.client.shards.on(t.client.near)].Near, asksSnapshot, ops.Step{})
		t.known, t.at = out.Type == history.OK, out.LogIndex
	}
	return out
}

// Commit implements cluster.Transaction. All that the transaction has read was committed.
func (t *looking) Commit() cluster.Outcome {
	return cluster.Outcome{Type: history.OK, LogIndex: t.at, Node: t.client.near}
}

// Rollback implements cluster.Transaction.
func (t *looking) Rollback() cluster.Outcome { return cluster.Outcome{Type: history.OK} }

func (t *looking) ask(whom func(rpc.Operation) cluster.Outcome, kind string, s ops.Step) cluster.Outcome {
	q := request{Step: onTheWay(s, 0), At: t.at}
	return doubtless(whom(rpc.Operation{Request: rpc.NewRequest(kind, 0, fmt.Sprintf("%s at %d", s.Key, t.at), q), Resend: true,
		Pace: t.options.Pace, Answered: func(r rpc.Response) cluster.Outcome {
			var a answer
			if err := r.Decode(&a); err != nil {
				return cluster.Outcome{Type: history.Fail, Error: err.Error()}
			}
			return a.outcome()
		}}))
}

// timed is a transaction that reads what was committed up to a timestamp, which is that of the client's own node, from the leaders of the
// shards.
type timed struct{ looking }

// Step implements cluster.Transaction.
func (t *timed) Step(s ops.Step) cluster.Outcome {
	out := t.ensure()
	switch {
	case out.Type != history.OK:
		return out
	case s.Kind == ops.ScanStep:
		return scanAll(t.client.shards, func(shard int) cluster.Outcome { return t.on(shard, s) })
	default:
		return t.on(t.client.shards.of(s.Key), s)
	}
}

func (t *timed) on(shard int, s ops.Step) cluster.Outcome {
	out := t.ask(t.client.leaders[shard].Do, asksReadAt, s)
	out.LogIndex = 0
	return out
}

// Commit implements cluster.Transaction. A timestamp is no index.
func (t *timed) Commit() cluster.Outcome {
	return cluster.Outcome{Type: history.OK, Node: t.client.near}
}
