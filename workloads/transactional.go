package workloads

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// transactional has clients send to several logs in transactions, and consume them. In the end each log is read near every node; and once
// more, for long, if it lacks a record of a transaction of which somebody has read another one.
type transactional struct {
	ends []int64      // by log: the largest offset that was acknowledged or read; -1 if there is none
	sent [][]ops.Sent // by transaction that may be committed
	read map[string]bool
}

var transactionals = Info{
	Name: "transactional",
	Also: []string{"kafka-transactions"},
	Doc:  "clients send records to several logs in transactions and consume them; of a transaction all is there, or nothing",
	Clients: "Clients send unique records to two or three of three logs in a transaction; one in eight they give up when they have sent all. Each " +
		"client consumes the logs from their beginning. In the end every log is fetched from every node by itself.",
	Holds: "What was committed is on every node, as a whole, in order and once, and nothing is ever read of a transaction that was aborted: see " +
		"[logs and watches](#logs-and-watches).",
	Breaks: "A producer that was taken for dead and goes on, what comes late of an earlier transaction, a decision that is carried out before it is " +
		"logged, a consumer that reads what is not decided.",
	Ops: []string{ops.SendAll, ops.Abandon, ops.Poll, ops.Fetch},
	Open: func(Options) Workload {
		return &transactional{ends: slices.Repeat([]int64{-1}, len(transactionalLogs)), read: map[string]bool{}}
	},
}

var transactionalLogs = []string{"a", "b", "c"}

// The shares of transactions in all operations, and of those in them that are given up; the rest are polls.
const (
	shareOfTransactions = 0.6
	shareOfAbandoned    = 0.125
)

func (w *transactional) Phases() []Phase {
	phases := []Phase{{When: During, Generator: func(c Client) Generator {
		t := &transactionalThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads)}
		for _, log := range transactionalLogs {
			t.consumers = append(t.consumers, follower{f: ops.Poll, key: log})
		}
		return t
	}}}
	for i := range transactionalLogs {
		phases = append(phases, w.readToTheEnd(i, func() bool { return true }))
	}
	for i := range transactionalLogs {
		phases = append(phases, w.readToTheEnd(i, sync.OnceValue(func() bool { return w.awaits(i) })))
	}
	return phases
}

func (*transactional) Checkers() []checker.Checker { return []checker.Checker{delivery.Log()} }

// readToTheEnd is ReadToTheEnd of a log, if that is due when the phase begins.
func (w *transactional) readToTheEnd(log int, due func() bool) Phase {
	phase := ReadToTheEnd(ops.Fetch, transactionalLogs[log], 0, &w.ends[log])
	generator := phase.Generator
	phase.Generator = func(c Client) Generator {
		if !due() {
			return nil
		}
		if g, reads := generator(c).(*toTheEnd); reads {
			return &notingReader{g, w}
		}
		return nil
	}
	return phase
}

// awaits reports whether a log lacks a record of a transaction that is committed, as another one of it was read. Where that one will be
// nobody knows, so that readers wait as long as they do for what does not come.
func (w *transactional) awaits(log int) bool {
	unread := func(s ops.Sent) bool { return !w.read[s.Value.String()] }
	here := func(s ops.Sent) bool { return s.Log == transactionalLogs[log] && unread(s) }
	torn := slices.ContainsFunc(w.sent, func(t []ops.Sent) bool {
		return slices.ContainsFunc(t, here) && slices.ContainsFunc(t, func(s ops.Sent) bool { return !unread(s) })
	})
	if torn {
		w.ends[log] = math.MaxInt64 - 1
	}
	return torn
}

// note notes what was read.
func (w *transactional) note(out cluster.Outcome) {
	records, _ := ops.DecodeRecords(out.Value)
	for _, r := range records {
		w.read[r.Value.String()] = true
	}
}

// notingReader is a reader of the end.
type notingReader struct {
	*toTheEnd
	workload *transactional
}

func (r *notingReader) Done(op cluster.Op, out cluster.Outcome) {
	r.toTheEnd.Done(op, out)
	r.workload.note(out)
}

// transactionalThread is a producer, and a consumer of each log.
type transactionalThread struct {
	numbers
	workload  *transactional
	draw      *rand.Rand
	consumers []follower
}

func (t *transactionalThread) Next() (cluster.Op, bool) {
	if t.draw.Float64() >= shareOfTransactions {
		return t.consumers[t.draw.IntN(len(t.consumers))].op(), true
	}
	logs := t.draw.Perm(len(transactionalLogs))[:2+t.draw.IntN(len(transactionalLogs)-1)]
	var all []ops.Sent
	for _, log := range logs {
		all = append(all, ops.Sent{Log: transactionalLogs[log], Record: ops.Record{Value: history.IntValue(t.unique())}})
	}
	op := cluster.Op{F: ops.SendAll, Value: ops.EncodeSendAll(all)}
	if t.draw.Float64() < shareOfAbandoned {
		op.F = ops.Abandon
	}
	return op, true
}

func (t *transactionalThread) Done(op cluster.Op, out cluster.Outcome) {
	switch {
	case op.F == ops.Poll:
		i := slices.Index(transactionalLogs, op.Key)
		t.consumers[i].took(out)
		t.reached(i, t.consumers[i].next-1)
		t.workload.note(out)
	case out.Type == history.OK:
		all, _ := ops.DecodeSentAll(out.Value)
		for _, s := range all {
			t.reached(slices.Index(transactionalLogs, s.Log), s.Offset)
		}
		t.workload.sent = append(t.workload.sent, all)
	case out.Type == history.Info:
		all, _ := ops.DecodeSendAll(op.Value)
		t.workload.sent = append(t.workload.sent, all)
	}
}

// reached notes that there is something at an offset of a log.
func (t *transactionalThread) reached(log int, offset int64) {
	t.workload.ends[log] = max(t.workload.ends[log], offset)
}
