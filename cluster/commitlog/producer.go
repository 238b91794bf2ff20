package commitlog

import (
	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// applications is how many transactional ids there are. Clients share them: one that takes the place of another has it from one that is gone,
// and where there are more clients each of two takes the other for dead. That one is a zombie then, and does not know it.
const applications = 8

// within is a client as a transactional producer.
type within struct {
	id        string
	identity                    // as the coordinator has told; without an epoch it has to be asked
	sequences map[string]uint64 // by partition: of the last message in this epoch
}

// took takes the epoch in which the next transaction is.
func (w *within) took(told identity) {
	if told != w.identity {
		w.identity, w.sequences = told, map[string]uint64{}
	}
}

// numbered is a message as the next one to a partition in the transaction. If it is not acknowledged the transaction is aborted, so that its
// number is not used again.
func (w *within) numbered(partition string, m message) message {
	w.sequences[partition]++
	m.sender = sender{w.Producer, w.Epoch, w.sequences[partition]}
	return m
}

// sendAll sends records in a transaction, and commits it; or gives it up.
func (c *client) sendAll(op cluster.Op) cluster.Outcome {
	all, err := ops.DecodeSendAll(op.Value)
	switch {
	case err != nil:
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	case len(all) == 0:
		return cluster.Outcome{Type: history.OK, Value: ops.EncodeSentAll(nil), Node: c.near}
	case !c.system.mode.transactions:
		return c.oneByOne(op, all)
	case op.F == ops.Abandon:
		return c.abandon(op, all)
	}
	return c.inTransaction(logsOf(all), func() cluster.Outcome { return c.appendAll(op, all, c.within.numbered) })
}

// logsOf are the logs of some records.
func logsOf(all []ops.Sent) (logs []string) {
	for _, s := range all {
		logs = append(logs, s.Log)
	}
	return logs
}

// appendAll appends records until one fails.
func (c *client) appendAll(op cluster.Op, all []ops.Sent, numbered func(string, message) message) (out cluster.Outcome) {
	var sent []ops.Sent
	for _, s := range all {
		out = c.append(s.Log, numbered(s.Log, c.carrying(op, s)), op.Pace)
		if out.Type != history.OK {
			return out
		}
		s.Record, _ = ops.DecodeRecord(out.Value)
		sent = append(sent, s)
	}
	out.Value = ops.EncodeSentAll(sent)
	return out
}

// carrying is the message of a record.
func (c *client) carrying(op cluster.Op, s ops.Sent) message {
	return message{Value: objects.Argument(s.Value, op.Padding)}
}

// oneByOne is what is left without transactions: what fails, or is given up, leaves a part behind.
func (c *client) oneByOne(op cluster.Op, all []ops.Sent) cluster.Outcome {
	if op.F == ops.Abandon {
		all = all[:len(all)-1]
	}
	out := c.appendAll(op, all, c.numbered)
	if out.Type == history.Fail || op.F == ops.Abandon {
		out.Type, out.Value = history.Info, history.Value{}
	}
	return out
}

// inTransaction does something in a transaction that some partitions are in, and commits that; or aborts it if it has failed. Unless the client asks for a
// commit there is none, so that nothing before that leaves a doubt.
func (c *client) inTransaction(partitions []string, do func() cluster.Outcome) cluster.Outcome {
	if out := c.begin(partitions); out.Type != history.OK {
		return onlyAsked(out)
	}
	out := do()
	if out.Type != history.OK {
		c.end(aborts)
		return onlyAsked(out)
	}
	if ended := c.end(commits); ended.Type != history.OK {
		return ended
	}
	return out
}

// begin begins a transaction. A producer that does not know its epoch takes the transactional id over.
func (c *client) begin(partitions []string) cluster.Outcome {
	w := &c.within
	if w.Epoch == 0 {
		var told identity
		if out := c.ask(transactions, asksInit, initializing{w.id}, &told); out.Type != history.OK {
			return out
		}
		w.took(told)
	}
	out := c.ask(transactions, asksEnlist, enlisting{w.id, w.identity, partitions}, nil)
	if out.Type != history.OK {
		w.Epoch = 0
	}
	return out
}

// end ends the transaction. If it is not known how, or somebody else has ended it, the client begins anew.
func (c *client) end(how marker) cluster.Outcome {
	w := &c.within
	var told identity
	out := c.ask(transactions, asksEnd, ending{w.id, w.identity, how}, &told)
	if out.Type != history.OK {
		told.Epoch = 0
	}
	w.took(told)
	return out
}

// abandon sends records and aborts. It does not wait for what it has sent last, which may come late.
func (c *client) abandon(op cluster.Op, all []ops.Sent) cluster.Outcome {
	if out := c.begin(logsOf(all)); out.Type != history.OK {
		return onlyAsked(out)
	}
	last := len(all) - 1
	out := c.appendAll(op, all[:last], c.within.numbered)
	if out.Type == history.OK || last == 0 {
		log := all[last].Log
		m := c.within.numbered(log, c.carrying(op, all[last]))
		c.of(log).Cast(rpc.NewRequest(asksProduce, 0, log+" "+m.Value, produce{log, m}))
	}
	out = c.end(aborts)
	out.Value = ops.EncodeSentAll(nil)
	return onlyAsked(out)
}

// transactionally appends results, and how far the group is then, in one transaction: both are there or neither is. So the log need not know
// results again, and they may be whatever a worker makes of records.
func (c *client) transactionally(w work) cluster.Outcome {
	if len(w.records) == 0 {
		return w.done(0)
	}
	q := c.progress(w, len(w.records))
	out := c.inTransaction([]string{w.results, groups}, func() cluster.Outcome {
		if out := c.resultsWithin(w); out.Type != history.OK {
			return out
		}
		q.Sender = c.within.numbered(groups, message{}).sender
		return c.ask(groups, asksCommit, q, nil)
	})
	if out.Type != history.OK {
		c.worker.generation = 0 // it goes on where the group is
		return out
	}
	c.worker.positions[w.partition] = q.Next
	return w.done(len(w.records))
}

// resultsWithin appends results in a transaction.
func (c *client) resultsWithin(w work) (out cluster.Outcome) {
	for _, r := range w.records {
		if out = c.append(w.results, c.within.numbered(w.results, message{Value: r.Value.String()}), 0); out.Type != history.OK {
			break
		}
	}
	return out
}
