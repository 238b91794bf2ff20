package txnkv

import (
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// interactive is a transaction on the leaders of the shards that it needs: it has a branch on each, which begins with its first step
// there.
type interactive struct {
	client   *client
	options  cluster.TransactionOptions
	id       id
	branches []*branch // in the order in which they began
	at       stamp     // across shards: its snapshot
	over     bool      // it has ended, as far as the client is concerned
}

// branch is what a transaction is on one shard.
type branch struct {
	shard   int
	request request // the last
	wrote   bool
	over    bool // the shard's leader has said how it ended
}

// Step implements cluster.Transaction. A scan is of all shards.
func (t *interactive) Step(s ops.Step) cluster.Outcome {
	if s.Kind != ops.ScanStep {
		return t.on(t.client.shards.of(s.Key), s)
	}
	return scanAll(t.client.shards, func(shard int) cluster.Outcome { return t.on(shard, s) })
}

// scanAll puts together what a scan finds on each shard.
func scanAll(all shards, scan func(shard int) cluster.Outcome) (out cluster.Outcome) {
	var found [][2]history.Value
	for shard := range all {
		if out = scan(shard); out.Type != history.OK {
			return out
		}
		entries, _ := out.Value.Map()
		found = append(found, entries...)
	}
	out.Value = history.MapValue(found...)
	return out
}

// on does a step on a shard. If that is not done, the transaction has ended.
func (t *interactive) on(shard int, s ops.Step) cluster.Outcome {
	b, out := t.branch(shard)
	if out.Type == history.OK {
		b.wrote = b.wrote || s.Writes()
		out = doubtless(t.ask(b, s.Kind.Verb(), fmt.Sprintf("%v: %s %v", t.id, s.Key, s.Value), onTheWay(s, t.options.Padding)))
	}
	if out.Type != history.OK {
		t.leave(b)
	}
	return out
}

// branch is that on a shard, which begins if there is none yet. Across shards the first one takes the snapshot.
func (t *interactive) branch(shard int) (*branch, cluster.Outcome) {
	if t.over {
		return nil, cluster.Outcome{Type: history.Fail, Error: errEnded.Error()}
	}
	for _, b := range t.branches {
		if b.shard == shard {
			return b, cluster.Outcome{Type: history.OK}
		}
	}
	if t.client.mode.across && shard > 0 && len(t.branches) == 0 {
		if first, out := t.branch(0); out.Type != history.OK {
			return first, out
		}
	}
	b := &branch{shard: shard, request: request{Txn: t.id, At: t.at}}
	t.branches = append(t.branches, b)
	return b, doubtless(t.ask(b, asksBegin, t.id.String(), step{}))
}

// leave rolls all branches back but one, of which it is known that it has ended, or whose leader does not answer.
func (t *interactive) leave(but *branch) {
	t.over = true
	for _, b := range t.branches {
		if b != but && !b.over && b.request.Term > 0 {
			t.ask(b, asksRollback, t.id.String(), step{})
		}
	}
}

// Rollback implements cluster.Transaction.
func (t *interactive) Rollback() cluster.Outcome {
	t.leave(nil)
	return cluster.Outcome{Type: history.OK}
}

// Commit implements cluster.Transaction. A transaction with several branches is committed by the shard that it wrote to first: that is
// the coordinator. Across shards it is the first one. What has written nothing has failed if nobody knows whether it is committed.
func (t *interactive) Commit() cluster.Outcome {
	if t.over {
		return cluster.Outcome{Type: history.Fail, Error: errEnded.Error()}
	}
	t.over = true
	if len(t.branches) == 0 {
		return cluster.Outcome{Type: history.OK}
	}
	coordinator, wrote := t.coordinator()
	for _, b := range t.branches {
		if b != coordinator {
			b.request.Seq++
			coordinator.request.Branches = append(coordinator.request.Branches, participant{b.shard, b.request.Term, b.request.Seq})
		}
	}
	out := t.ask(coordinator, asksCommit, t.id.String(), step{})
	if !wrote {
		out = doubtless(out)
	}
	return out
}

func (t *interactive) coordinator() (_ *branch, wrote bool) {
	i := slices.IndexFunc(t.branches, func(b *branch) bool { return b.wrote })
	if i < 0 || t.client.mode.across {
		return t.branches[0], i >= 0
	}
	return t.branches[i], true
}

// ask sends a request of a branch until there is an answer, or the time is up.
func (t *interactive) ask(b *branch, kind, detail string, s step) cluster.Outcome {
	if kind != asksBegin {
		b.request.Seq++
	}
	b.request.Step = s
	out := t.client.leaders[b.shard].Do(rpc.Operation{Request: rpc.NewRequest(kind, b.request.Term, detail, b.request), Resend: true,
		Pace: t.options.Pace, Answered: func(r rpc.Response) cluster.Outcome {
			var a answer
			if err := r.Decode(&a); err != nil {
				return cluster.Outcome{Type: history.Info, Error: err.Error()}
			}
			b.over = a.Aborted != ""
			if kind == asksBegin {
				b.request.Term, t.at = a.Term, a.Index
			}
			return a.outcome()
		}})
	if len(t.client.shards) > 1 {
		out.LogIndex = 0 // it orders what is in one log
	}
	return out
}

// doubtless is the outcome of what takes effect with the commit at the earliest.
func doubtless(out cluster.Outcome) cluster.Outcome {
	if out.Type == history.Info {
		out.Type = history.Fail
	}
	return out
}
