package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/internal/scripttest"
	"faultline/cluster/ops"
	"faultline/history"
)

// sending is a transaction, and what became of it.
type sending struct {
	f       string
	outcome history.Type
	sent    []ops.Sent // at their offsets, if it was acknowledged
}

// reading is what a client got of a log, from its beginning on.
type reading struct {
	f, log  string
	process int32
	got     []ops.Record
}

// several are transactions over two logs.
type several struct {
	sendings []sending
	readings []reading
	inTurn   bool // one is over before the next begins; else all are under way at once
}

var bothLogs = []string{"a", "b"}

// drawSeveral draws transactions that logs have kept, and spoils a few readings and outcomes.
func drawSeveral(t *rapid.T) (s several) {
	logs, value := map[string][]ops.Record{}, int64(0)
	s.inTurn = rapid.Bool().Draw(t, "in turn")
	for range rapid.IntRange(1, 4).Draw(t, "transactions") {
		x := sending{f: ops.SendAll, outcome: rapid.SampledFrom([]history.Type{history.OK, history.OK, history.Info, history.Fail}).Draw(t, "outcome")}
		if rapid.IntRange(0, 4).Draw(t, "abandoned") == 0 {
			x.f = ops.Abandon
		}
		committed := x.f == ops.SendAll && (x.outcome == history.OK || x.outcome == history.Info && rapid.Bool().Draw(t, "committed"))
		for range rapid.IntRange(1, 3).Draw(t, "records") {
			value++
			log := rapid.SampledFrom(bothLogs).Draw(t, "log")
			r := ops.Record{Offset: int64(2 * len(logs[log])), Value: history.IntValue(value)}
			if committed {
				logs[log] = append(logs[log], r)
			}
			x.sent = append(x.sent, ops.Sent{Log: log, Record: r})
		}
		s.sendings = append(s.sendings, x)
	}
	for _, log := range bothLogs {
		for node := range int32(2) {
			s.readings = append(s.readings, reading{ops.Fetch, log, node, slices.Clone(logs[log])})
		}
		early := rapid.IntRange(0, len(logs[log])).Draw(t, "early")
		s.readings = append(s.readings, reading{ops.Poll, log, 2, slices.Clone(logs[log][:early])})
	}
	for range rapid.SampledFrom([]int{0, 1, 2, 3}).Draw(t, "defects") {
		s.spoil(t)
	}
	return s
}

// spoil changes an outcome, or what one node has of a log, or both have.
func (s several) spoil(t *rapid.T) {
	x := &s.sendings[rapid.IntRange(0, len(s.sendings)-1).Draw(t, "which")]
	both := rapid.SampledFrom(s.readings).Draw(t, "reading").log
	at := rapid.IntRange(0, 2).Draw(t, "at")
	how := rapid.IntRange(0, 4).Draw(t, "how")
	if how == 0 {
		x.outcome = rapid.SampledFrom([]history.Type{history.OK, history.Info, history.Fail}).Draw(t, "outcome")
		return
	}
	for i := range s.readings {
		r := &s.readings[i]
		if r.log != both || len(r.got) <= at || how == 1 && i%3 > 0 {
			continue
		}
		switch how {
		case 1, 2:
			r.got = slices.Delete(r.got, at, at+1)
		case 3:
			r.got[at].Value, r.got[0].Value = r.got[0].Value, r.got[at].Value
		default:
			r.got[at].Value = x.sent[0].Value
		}
	}
}

// history is what clients saw. The final readers ask once more in vain, for as long as it takes to be sure.
func (s several) history() (all []history.Operation) {
	add := func(op history.Operation, invoke, ret time.Duration) {
		op.Invoke, op.Return = invoke, ret
		op.Invoked, op.Returned = int32(2*len(all)), int32(1000+2*len(all))
		if s.inTurn {
			op.Returned = op.Invoked + 1
		}
		all = append(all, op)
	}
	for i, x := range s.sendings {
		op := history.Operation{F: x.f, Process: int32(10 + i), Outcome: x.outcome, Input: ops.EncodeSendAll(x.sent)}
		if x.outcome == history.OK && x.f == ops.SendAll {
			op.Output = ops.EncodeSentAll(x.sent)
		}
		add(op, time.Second, 2*time.Second)
	}
	for _, r := range s.readings {
		op := history.Operation{F: r.f, Key: r.log, Process: r.process, Outcome: history.OK, Input: history.IntValue(0), Output: ops.EncodeRecords(r.got)}
		if r.f == ops.Poll {
			add(op, time.Second, 2*time.Second)
			continue
		}
		add(op, settled, settled+time.Second)
		next := int64(0)
		for _, e := range r.got {
			next = max(next, e.Offset+1)
		}
		op.Input, op.Output = history.IntValue(next), ops.EncodeRecords(nil)
		add(op, settled+time.Second, settled+time.Minute)
	}
	return all
}

// explained decides by the definition: some transactions of unknown outcome are committed and the others are not, so that each log has what
// those have sent that are committed, in their order and where they were told, and nothing else.
func (s several) explained(i int, committed []sending) bool {
	if i == len(s.sendings) {
		return !slices.ContainsFunc(bothLogs, func(log string) bool { return !s.holds(log, committed) })
	}
	x := s.sendings[i]
	may := x.f == ops.SendAll && x.outcome != history.Fail
	must := may && x.outcome == history.OK
	return may && s.explained(i+1, append(slices.Clip(committed), x)) || !must && s.explained(i+1, committed)
}

func (s several) holds(log string, committed []sending) bool {
	var there []ops.Record
	for i, r := range s.readings {
		switch {
		case r.log != log:
		case i%3 == 0:
			there = r.got
		case r.f == ops.Fetch && !slices.EqualFunc(r.got, there, same):
			return false
		case r.f == ops.Poll && (len(r.got) > len(there) || !slices.EqualFunc(r.got, there[:len(r.got)], same)):
			return false
		}
	}
	sent, acknowledged := 0, int64(-1) // the latter is how far the log was told to be before the next began
	for _, x := range committed {
		last := acknowledged
		for _, want := range x.sent {
			if want.Log != log {
				continue
			}
			sent++
			i := slices.IndexFunc(there, func(r ops.Record) bool { return r.Value.Equal(want.Value) })
			if i < 0 || there[i].Offset <= last || x.outcome == history.OK && there[i].Offset != want.Offset {
				return false
			}
			last = there[i].Offset
		}
		if s.inTurn && x.outcome == history.OK {
			acknowledged = max(acknowledged, last)
		}
	}
	return sent == len(there)
}

func same(a, b ops.Record) bool { return a.Offset == b.Offset && a.Value.Equal(b.Value) }

// The checker and the definition agree about transactions over several logs.
func TestTransactionsAgreeWithTheDefinition(t *testing.T) {
	counts := map[checker.Validity]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeveral(t)
		want := checker.Invalid
		if s.explained(0, nil) {
			want = checker.Valid
		}
		got := delivery.Log().Check(t.Context(), checker.Input{Operations: s.history(), Ending: checker.Ending{Settled: settled}}, checker.Options{})
		counts[want]++
		nothing := got.Validity == checker.Unknown && strings.Contains(got.Reason, "nothing was acknowledged") && want == checker.Valid
		if got.Validity != want && !nothing {
			t.Fatalf("want %v, got %s\n%s", want, scripttest.Show(got), shown(s.history()))
		}
		soFar := delivery.LogInProgress().Check(t.Context(), checker.Input{Operations: s.history()}, checker.Options{})
		if soFar.Validity == checker.Invalid && want == checker.Valid {
			t.Fatalf("valid, and so far %s\n%s", scripttest.Show(soFar), shown(s.history()))
		}
	})
	t.Logf("%d valid, %d invalid", counts[checker.Valid], counts[checker.Invalid])
}
