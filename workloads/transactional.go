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
// more, for long, if a node lacked a record that is there: others have it, or another one of its transaction was read.
type transactional struct {
	sent    [][]ops.Sent    // by transaction that may be committed
	aborted map[string]bool // the values of the others: nobody waits for them, wherever they were read
	logs    []*transactionalLog
}

// transactionalLog is one of the logs.
type transactionalLog struct {
	name    string
	end     int64            // the largest offset that was acknowledged, or read of what may be committed; -1 if there is none
	read    map[string]int64 // the values that somebody has read, and the largest offset at which
	readers []*notingReader  // of the end
}

var transactionals = Info{
	Name: "transactional",
	Also: []string{"kafka-transactions"},
	Doc:  "clients send records to several logs in transactions and consume them; a transaction is there as a whole or not at all",
	Clients: "Clients send unique records to two or three of three logs in a transaction, and abandon one transaction in eight after sending " +
		"all its records. Each client consumes the logs from their beginning. In the end they fetch each node's own copy of every log.",
	Holds: "Every committed transaction is on every node, as a whole, in order and once, and no record of an aborted transaction is ever " +
		"read: see [logs and watches](#logs-and-watches).",
	Breaks: "A producer that was taken for dead and goes on, late messages of an earlier transaction, a decision that is carried out before " +
		"it is logged, a consumer that reads undecided records.",
	Ops: []string{ops.SendAll, ops.Abandon, ops.Poll, ops.Fetch},
	Open: func(Options) Workload {
		w := &transactional{aborted: map[string]bool{}}
		for _, name := range []string{"a", "b", "c"} {
			w.logs = append(w.logs, &transactionalLog{name: name, end: -1, read: map[string]int64{}})
		}
		return w
	},
}

// The shares of transactions in all operations, and of those in them that are given up; the rest are polls.
const (
	shareOfTransactions = 0.6
	shareOfAbandoned    = 0.125
)

func (w *transactional) Phases() []Phase {
	phases := []Phase{{When: During, Generator: func(c Client) Generator {
		t := &transactionalThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads)}
		for _, l := range w.logs {
			t.consumers = append(t.consumers, follower{f: ops.Poll, key: l.name})
		}
		return t
	}}}
	for _, l := range w.logs {
		phases = append(phases, l.readToTheEnd(sync.OnceValue(func() bool { return w.ended(l) })))
	}
	for _, l := range w.logs {
		phases = append(phases, l.readToTheEnd(sync.OnceValue(func() bool { return w.awaited(l) })))
	}
	return phases
}

func (*transactional) Checkers() []checker.Checker { return []checker.Checker{delivery.Log()} }

// readToTheEnd is ReadToTheEnd of a log, if that is due when the phase begins.
func (l *transactionalLog) readToTheEnd(due func() bool) Phase {
	phase := ReadToTheEnd(ops.Fetch, l.name, 0, &l.end)
	generator := phase.Generator
	phase.Generator = func(c Client) Generator {
		if !due() {
			return nil
		}
		reader, ok := generator(c).(*toTheEnd)
		if !ok {
			return nil
		}
		r := &notingReader{reader, l, map[string]bool{}}
		l.readers = append(l.readers, r)
		return r
	}
	return phase
}

// ended notes how far a log was read of what may be committed. All is known by then that was aborted.
func (w *transactional) ended(l *transactionalLog) bool {
	for value, offset := range l.read {
		if !w.aborted[value] {
			l.end = max(l.end, offset)
		}
	}
	return true
}

// awaited reports whether a node lacked something of a log that is there. Where it will be nobody knows, so that readers wait as long as they do
// for what does not come.
func (w *transactional) awaited(l *transactionalLog) bool {
	there := map[string]bool{}
	for value := range l.read {
		there[value] = !w.aborted[value]
	}
	for _, t := range w.sent {
		if !slices.ContainsFunc(t, w.wasRead) {
			continue
		}
		for _, s := range t {
			there[s.Value.String()] = there[s.Value.String()] || s.Log == l.name
		}
	}
	for value, is := range there {
		if is && slices.ContainsFunc(l.readers, func(r *notingReader) bool { return !r.got[value] }) {
			l.end = math.MaxInt64 - 1
			return true
		}
	}
	return false
}

// wasRead reports whether somebody has read a record.
func (w *transactional) wasRead(s ops.Sent) bool {
	_, read := w.log(s.Log).read[s.Value.String()]
	return read
}

func (w *transactional) log(name string) *transactionalLog {
	return w.logs[slices.IndexFunc(w.logs, func(l *transactionalLog) bool { return l.name == name })]
}

// note notes what was read of the log.
func (l *transactionalLog) note(out cluster.Outcome) (values []string) {
	records, _ := ops.DecodeRecords(out.Value)
	for _, r := range records {
		value := r.Value.String()
		l.read[value] = max(l.read[value], r.Offset)
		values = append(values, value)
	}
	return values
}

// notingReader is a reader of the end, which notes what it has got.
type notingReader struct {
	*toTheEnd
	log *transactionalLog
	got map[string]bool
}

func (r *notingReader) Done(op cluster.Op, out cluster.Outcome) {
	r.toTheEnd.Done(op, out)
	for _, value := range r.log.note(out) {
		r.got[value] = true
	}
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
	var all []ops.Sent
	logs := t.workload.logs
	for _, i := range t.draw.Perm(len(logs))[:2+t.draw.IntN(len(logs)-1)] {
		all = append(all, ops.Sent{Log: logs[i].name, Record: ops.Record{Value: history.IntValue(t.unique())}})
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
		i := slices.IndexFunc(t.consumers, func(f follower) bool { return f.key == op.Key })
		l := t.workload.logs[i]
		t.consumers[i].took(out)
		l.note(out)
	case op.F == ops.Abandon || out.Type == history.Fail:
		all, _ := ops.DecodeSendAll(op.Value)
		for _, s := range all {
			t.workload.aborted[s.Value.String()] = true
		}
	case out.Type == history.OK:
		all, _ := ops.DecodeSentAll(out.Value)
		for _, s := range all {
			l := t.workload.log(s.Log)
			l.end = max(l.end, s.Offset)
		}
		t.workload.sent = append(t.workload.sent, all)
	case out.Type == history.Info:
		all, _ := ops.DecodeSendAll(op.Value)
		t.workload.sent = append(t.workload.sent, all)
	}
}
