package commitlog

import (
	"hash/fnv"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// worker is a client as a member of a group: it consumes, appends results, and says how far it is.
type worker struct {
	generation uint64
	positions  map[string]int64 // where it goes on, by partition
	turn       int
}

// mostProcessed is how many records a worker takes at a time.
const mostProcessed = 10

// work does one step: a few records of one of the partitions that are the worker's now.
func (c *client) work(op cluster.Op) cluster.Outcome {
	results, _ := op.Value.Text()
	var j joined
	out := c.ask(groups, asksJoin, joining{op.Key, c.producer, c.worker.generation}, &j)
	if out.Type != history.OK {
		return onlyAsked(out)
	}
	c.take(j)
	if len(j.Partitions) == 0 {
		out.Value = ops.EncodeProcessed("", nil)
		return out
	}
	c.worker.turn++
	partition := j.Partitions[c.worker.turn%len(j.Partitions)].Partition
	polled := c.read(cluster.Op{F: ops.Poll, Key: partition, Value: history.IntValue(c.worker.positions[partition])})
	batch, err := ops.DecodeRecords(polled.Value)
	if polled.Type != history.OK || err != nil {
		return polled
	}
	batch = batch[:min(len(batch), mostProcessed)]
	return c.system.mode.process(c, work{op.Key, partition, ops.ResultsOf(partition, op.Key, results), batch, polled.Node})
}

// take takes what the coordinator says. In another generation the worker goes on where the group is, not where it was itself.
func (c *client) take(j joined) {
	if j.Generation == c.worker.generation {
		return
	}
	c.worker = worker{generation: j.Generation, positions: map[string]int64{}, turn: c.worker.turn}
	for _, p := range j.Partitions {
		c.worker.positions[p.Partition] = max(0, p.Next)
	}
}

// work is some records of a partition that a worker has got.
type work struct {
	group, partition, results string
	records                   []ops.Record
	from                      string // the node that they come from
}

// done is the outcome of having processed some of the records.
func (w work) done(n int) cluster.Outcome {
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeProcessed(w.partition, w.records[:n]), Node: w.from}
}

// exactlyOnce appends results and then says how far it is. If it fails in between another worker appends them again; but a result is
// named after its record, as if the partition were a producer and the offset its sequence, so that the log knows it again. Result and
// progress are thereby one record: where they differ the results are what counts.
func (c *client) exactlyOnce(w work) cluster.Outcome {
	return c.resultsFirst(w, func(r ops.Record) message {
		h := fnv.New64a()
		h.Write([]byte(w.partition))
		return message{Value: r.Value.String(), sender: sender{Producer: h.Sum64() | 1<<63, Sequence: uint64(r.Offset) + 1}}
	})
}

// atLeastOnce does the same with results of its own, which nobody knows again.
func (c *client) atLeastOnce(w work) cluster.Outcome {
	return c.resultsFirst(w, func(r ops.Record) message { return message{Value: r.Value.String()} })
}

func (c *client) resultsFirst(w work, result func(ops.Record) message) cluster.Outcome {
	n, out := c.appendResults(w, result)
	if out.Type == history.Info || n == 0 {
		return out
	}
	c.commit(w, n) // if that fails it is done again from where the group is
	return w.done(n)
}

// atMostOnce says first how far it is. If it fails then nobody appends the results.
func (c *client) atMostOnce(w work) cluster.Outcome {
	if out := c.commit(w, len(w.records)); out.Type != history.OK {
		return out
	}
	n, out := c.appendResults(w, func(r ops.Record) message { return message{Value: r.Value.String()} })
	if out.Type == history.Info || n == 0 {
		return out
	}
	return w.done(n)
}

// appendResults appends results until one fails. It returns how many it has appended, and the outcome of the last.
func (c *client) appendResults(w work, result func(ops.Record) message) (n int, out cluster.Outcome) {
	out = w.done(0)
	for _, r := range w.records {
		m := result(r)
		if m.Producer == 0 {
			m = c.numbered(w.results, m)
		}
		if out = c.append(w.results, m, 0); out.Type != history.OK {
			return n, out
		}
		n++
	}
	return n, out
}

// commit says that the group has processed the first n of some records. After a failure the worker asks where the group is.
func (c *client) commit(w work, n int) cluster.Outcome {
	if n == 0 {
		return w.done(0)
	}
	q := c.progress(w, n)
	out := c.ask(groups, asksCommit, q, nil)
	if c.worker.positions[w.partition] = q.Next; out.Type != history.OK {
		c.worker.generation = 0
	}
	return out
}

// progress is how far the group is when it has processed the first n of some records.
func (c *client) progress(w work, n int) committing {
	return committing{Member: c.producer, Generation: c.worker.generation, progress: progress{w.group, w.partition, w.records[n-1].Offset + 1}}
}

// ask has the leader of a partition do something, and reads its answer.
func (c *client) ask(partition, kind string, body, answer any) cluster.Outcome {
	return c.of(partition).Do(rpc.Operation{Request: rpc.NewRequest(kind, 0, partition, body), Resend: true,
		Answered: func(response rpc.Response) cluster.Outcome {
			if answer != nil {
				if err := response.Decode(answer); err != nil {
					return cluster.Outcome{Type: history.Info, Error: err.Error()}
				}
			}
			return cluster.Outcome{Type: history.OK}
		}})
}
