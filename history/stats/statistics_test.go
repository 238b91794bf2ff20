package stats

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"faultline/history"
)

// sample is a run of 20 s: two overlapping faults from 4 s to 9 s, one from 10 s to 12 s.
func sample(t *testing.T) ([]history.Event, []history.Operation) {
	t.Helper()
	fault := func(at time.Duration, f, subject, how string) history.Event {
		e := history.Event{Time: at, Process: history.Nemesis, Type: history.Info, F: f, Key: subject}
		if how != "" {
			e.Value = history.TextValue(how)
		}
		return e
	}
	var events []history.Event
	process := 0
	for at := time.Duration(0); at <= 20*time.Second; at += time.Second {
		switch at {
		case 4 * time.Second:
			events = append(events, fault(at, "partition", "network", "n1 | n2,n3"))
		case 6 * time.Second:
			events = append(events, fault(at, "crash", "n2", "crash"))
		case 8 * time.Second:
			events = append(events, fault(at, "heal", "network", ""))
		case 9 * time.Second:
			events = append(events, fault(at, "restart", "n2", ""))
		case 10 * time.Second:
			refused := fault(at, "pause", "n3", "pause")
			refused.Error = "no such node"
			events = append(events, refused, fault(at, "crash", "n1", "crash"))
		case 12 * time.Second:
			events = append(events, fault(at, "restart", "n1", ""))
		}
		outcome, failure := history.OK, ""
		switch at {
		case 5 * time.Second:
			outcome = history.Info
		case 7 * time.Second:
			outcome, failure = history.Fail, "not leader"
		case 11 * time.Second:
			outcome, failure = history.Fail, history.PreconditionFailed
		}
		e := history.Event{Time: at, Process: process, Type: history.Invoke, F: "write", Value: history.IntValue(1)}
		events = append(events, e)
		if at < 20*time.Second {
			e.Time, e.Type, e.Error = at+time.Duration(1+process)*time.Millisecond, outcome, failure
			events = append(events, e)
		}
		process++
	}
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	return events, ops
}

func TestMeasure(t *testing.T) {
	events, ops := sample(t)
	s := Measure(events, ops, []Span{{6500 * time.Millisecond, 8500 * time.Millisecond}})
	want := []PhaseStats{
		{Phase: Healthy, Duration: 10 * time.Second, Invoked: 11, OK: 10, Info: 1, Availability: 10.0 / 11},
		{Phase: Faulty, Duration: 5 * time.Second, Invoked: 5, OK: 3, Refused: 1, Info: 1, Availability: 4.0 / 5},
		{Phase: NoQuorum, Duration: 2 * time.Second, Invoked: 2, OK: 1, Fail: 1, Availability: 1.0 / 2},
		{Phase: Recovering, Duration: 3 * time.Second, Invoked: 3, OK: 3, Availability: 1},
	}
	for i := range s.Phases {
		f := s.Phases[i].Functions
		if p := s.Phases[i]; len(f) != 1 || f[0].OK != p.OK || f[0].Fail != p.Fail+p.Refused || f[0].Info != p.Info || f[0].Latency.Count != p.OK {
			t.Errorf("%v: %+v", p.Phase, f)
		}
		s.Phases[i].Functions = nil
	}
	if r := s.Functions[0].Recovery; r.Count != 1 || r.Max != 510*time.Millisecond { // the tenth operation, invoked at 9 s
		t.Errorf("recovery: %+v", r)
	}
	if !reflect.DeepEqual(s.Phases, want) {
		t.Errorf("phases\n%+v, want\n%+v", s.Phases, want)
	}
	if want := []FaultStats{{"crash", 2}, {"partition", 1}}; !reflect.DeepEqual(s.Faults, want) {
		t.Errorf("faults %v, want %v", s.Faults, want)
	}
	f := s.Functions[0]
	if f.OK != 17 || f.Fail != 2 || f.Info != 2 || f.Latency.Count != 17 {
		t.Errorf("write: %+v", f)
	}
	if f.Latency.Max != 20*time.Millisecond || f.Latency.P50 < 11*time.Millisecond || f.Latency.P50 > 11*time.Millisecond*101/100 {
		t.Errorf("latency: %+v", f.Latency)
	}
}

func TestPhasesCoverTime(t *testing.T) {
	for seed := range uint64(2_000) {
		rng := rand.New(rand.NewPCG(seed, 4))
		end := time.Duration(rng.IntN(20)) * time.Second
		var faults []history.Fault
		for range rng.IntN(5) {
			begin := time.Duration(rng.IntN(20)) * time.Second
			faults = append(faults, history.Fault{Begin: begin, End: begin + time.Duration(rng.IntN(5))*time.Second})
		}
		var lost []Span
		for begin := time.Duration(0); rng.IntN(3) > 0; {
			begin += time.Duration(rng.IntN(8)) * time.Second
			lost = append(lost, Span{begin, begin + time.Duration(1+rng.IntN(5))*time.Second})
			begin = lost[len(lost)-1].End
		}
		now := time.Duration(0)
		for _, span := range overlay(phases(faults, end), NoQuorum, lost) {
			if span.begin != now || span.end <= span.begin {
				t.Fatalf("seed %d: %v after %v", seed, span, now)
			}
			now = span.end
			for moment := span.begin; moment < span.end; moment += time.Second / 2 {
				if want := phaseByDefinition(faults, lost, moment); span.phase != want {
					t.Fatalf("seed %d: %v at %v, by definition %v\n%v\n%v", seed, span.phase, moment, want, faults, lost)
				}
			}
		}
		if now != end {
			t.Fatalf("seed %d: the phases end at %v, the run at %v", seed, now, end)
		}
	}
}

func phaseByDefinition(faults []history.Fault, lost []Span, moment time.Duration) Phase {
	for _, s := range lost {
		if s.Begin <= moment && moment < s.End {
			return NoQuorum
		}
	}
	phase := Healthy
	for _, f := range faults {
		switch {
		case f.Begin <= moment && moment < f.End:
			return Faulty
		case f.End <= moment && moment < f.End+RecoveryWindow:
			phase = Recovering
		}
	}
	return phase
}

// What runs add up to does not depend on whether their statistics were stored in between, and the
// quantiles are those of all operations together.
func TestStatisticsAdd(t *testing.T) {
	var direct, stored Statistics
	var all Latency
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 5))
		var events []history.Event
		now := time.Duration(0)
		for p := range 600 {
			took := time.Duration(rng.ExpFloat64() * float64(20*time.Millisecond))
			f := []string{"read", "write"}[rng.IntN(2)]
			events = append(events, history.Event{Time: now, Process: p, Type: history.Invoke, F: f})
			now += took
			events = append(events, history.Event{Time: now, Process: p, Type: history.OK, F: f})
			all.Record(took)
		}
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		s := Measure(events, ops, nil)
		direct.Add(s)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 4096 {
			t.Errorf("the statistics of one run take %d bytes", len(b))
		}
		var read Statistics
		if err := json.Unmarshal(b, &read); err != nil {
			t.Fatal(err)
		}
		stored.Add(read)
	}
	if a, b := marshal(t, direct), marshal(t, stored); a != b {
		t.Errorf("added up at once\n%s\nby way of files\n%s", a, b)
	}
	all.Summarize()
	read, write := direct.Functions[0], direct.Functions[1]
	both := read.Latency
	both.Add(write.Latency)
	if both.P99 != all.P99 || both.Max != all.Max || both.Count != 3_000 || direct.Runs != 5 {
		t.Errorf("%+v, want %+v", both, all)
	}
}

func TestDamagedHistogramIsAnError(t *testing.T) {
	var l Latency
	if err := json.Unmarshal([]byte(`{"count":1,"histogram":"SElTVEZBQUE="}`), &l); err == nil {
		t.Error("no error")
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A function recovers with the first of its operations that is acknowledged once some node can reach a majority again.
func TestRecoveryByItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 200 {
		var noQuorum []Span
		for at := time.Duration(0); at < time.Minute; {
			begin := at + time.Duration(rng.Int64N(1e10))
			at = begin + time.Duration(1+rng.Int64N(1e10))
			noQuorum = append(noQuorum, Span{begin, at})
		}
		var ops []history.Operation
		for range rng.IntN(40) {
			at := time.Duration(1 + rng.Int64N(6e10))
			ops = append(ops, history.Operation{F: []string{"read", "write"}[rng.IntN(2)], Outcome: history.OK + history.Type(rng.IntN(3)), Invoke: at, Return: at + time.Duration(rng.Int64N(1e9))})
		}
		want := map[string]*Latency{"read": {}, "write": {}}
		for _, span := range noQuorum {
			first := map[string]time.Duration{}
			for _, op := range ops {
				if wait := op.Return - span.End; op.Outcome == history.OK && wait >= 0 && (first[op.F] == 0 || wait < first[op.F]) {
					first[op.F] = max(wait, 1)
				}
			}
			for f, wait := range first {
				want[f].Record(wait)
			}
		}
		for _, f := range Measure(nil, ops, noQuorum).Functions {
			want[f.F].Summarize()
			if !reflect.DeepEqual(f.Recovery, *want[f.F]) {
				t.Fatalf("%s of %+v without a quorum in %v: %+v, not %+v", f.F, ops, noQuorum, f.Recovery, want[f.F])
			}
		}
	}
}
