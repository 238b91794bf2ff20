package txnkv

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// interactive is a transaction on the leader. It begins there with the first request.
type interactive struct {
	client  *client
	options cluster.TransactionOptions
	request request // the last
	wrote   bool
	over    bool // the leader has said how it ended
}

// Step implements cluster.Transaction.
func (t *interactive) Step(s ops.Step) cluster.Outcome {
	t.wrote = t.wrote || s.Writes()
	return doubtless(t.do(asksStep[s.Kind], fmt.Sprintf("%v: %s %v", t.request.Txn, s.Key, s.Value), onTheWay(s, t.options.Padding)))
}

// Commit implements cluster.Transaction. What has written nothing has failed if nobody knows whether it is committed.
func (t *interactive) Commit() cluster.Outcome {
	out := t.do(asksCommit, t.request.Txn.String(), step{})
	t.over = true
	if !t.wrote {
		out = doubtless(out)
	}
	return out
}

// Rollback implements cluster.Transaction.
func (t *interactive) Rollback() cluster.Outcome {
	if !t.over && t.request.Term > 0 {
		t.ask(asksRollback, t.request.Txn.String(), step{})
	}
	t.over = true
	return cluster.Outcome{Type: history.OK}
}

// do asks for something, and before that for the transaction.
func (t *interactive) do(kind, detail string, s step) cluster.Outcome {
	if t.over {
		return cluster.Outcome{Type: history.Fail, Error: errEnded.Error()}
	}
	if t.request.Term == 0 {
		if out := t.begin(); out.Type != history.OK {
			return out
		}
	}
	return t.ask(kind, detail, s)
}

func (t *interactive) begin() cluster.Outcome {
	out := doubtless(t.ask(asksBegin, t.request.Txn.String(), step{}))
	t.over = out.Type != history.OK
	return out
}

// ask sends a request until there is an answer, or the time is up.
func (t *interactive) ask(kind, detail string, s step) cluster.Outcome {
	if kind != asksBegin {
		t.request.Seq++
	}
	t.request.Step = s
	return t.client.Client.Do(rpc.Operation{Request: rpc.NewRequest(kind, t.request.Term, detail, t.request), Resend: true, Pace: t.options.Pace,
		Answered: func(r rpc.Response) cluster.Outcome {
			var a answer
			if err := r.Decode(&a); err != nil {
				return cluster.Outcome{Type: history.Info, Error: err.Error()}
			}
			t.over = t.over || a.Aborted != ""
			if kind == asksBegin {
				t.request.Term = a.Term
			}
			return a.outcome()
		}})
}

// doubtless is the outcome of what takes effect with the commit at the earliest.
func doubtless(out cluster.Outcome) cluster.Outcome {
	if out.Type == history.Info {
		out.Type = history.Fail
	}
	return out
}
