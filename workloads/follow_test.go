package workloads

import (
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// Readers stop together: one that had come to the end goes on while another finds more, such as a write that took effect late.
func TestReadersStopTogether(t *testing.T) {
	last := int64(-1)
	phase := ReadToTheEnd(ops.Fetch, "log", 0, &last)
	a, b := phase.Generator(Client{Node: 0}), phase.Generator(Client{Node: 1})
	if phase.Generator(Client{Node: 1, Thread: 1}) != nil {
		t.Error("a second client reads near n2")
	}
	records := func(offsets ...int64) cluster.Outcome {
		var all []ops.Record
		for _, o := range offsets {
			all = append(all, ops.Record{Offset: o, Value: history.IntValue(o)})
		}
		return cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(all)}
	}
	for _, step := range []struct {
		reader Generator
		from   int64
		answer cluster.Outcome
		goesOn bool
	}{
		{a, 0, records(), true}, // b has not said that there is nothing
		{a, 0, records(0, 1), true},
		{a, 2, records(), true},
		{b, 0, cluster.Outcome{Type: history.Fail, Error: "timeout"}, true},
		{b, 0, records(0, 1, 2), true},
		{a, 2, records(), true}, // b has more
		{b, 3, records(), true}, // a has not
		{a, 2, records(2), true},
		{a, 3, records(), false},
	} {
		op, _ := step.reader.Next()
		if from, _ := op.Value.Int(); from != step.from {
			t.Fatalf("it asks from %d on, want %d", from, step.from)
		}
		step.reader.Done(op, step.answer)
		if _, more := step.reader.Next(); more != step.goesOn {
			t.Errorf("from %d: goes on: %v, want %v", step.from, more, step.goesOn)
		}
	}
	if _, more := b.Next(); more {
		t.Error("one that had come to the end before asks once more")
	}
}

// A reader that has come to the end leaves the others some time before it asks again.
func TestReadersWaitForOthers(t *testing.T) {
	last := int64(-1)
	phase := ReadToTheEnd(ops.Fetch, "log", 0, &last)
	r := phase.Generator(Client{}).(Resting)
	phase.Generator(Client{Node: 1})
	for _, want := range []time.Duration{0, othersRest, firstRest, 2 * firstRest} {
		if got := r.Rest(); got != want {
			t.Errorf("it rests for %v, want %v", got, want)
		}
		op, _ := r.Next()
		r.Done(op, cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(nil)})
	}
}

// Without an answer a reader gives up at some time, and holds nobody up any more.
func TestReadersGiveUp(t *testing.T) {
	last := int64(0)
	r := ReadToTheEnd(ops.Watch, "w/", 1, &last).Generator(Client{})
	n := 0
	for {
		op, more := r.Next()
		if !more {
			break
		}
		n++
		r.Done(op, cluster.Outcome{Type: history.Fail, Error: "timeout"})
	}
	if n != vainMost {
		t.Errorf("it asked %d times", n)
	}
}

// What is compacted is skipped.
func TestReadersSkipWhatIsCompacted(t *testing.T) {
	r := follower{f: ops.Watch, next: 1}
	if !r.took(cluster.Outcome{Type: history.Fail, Error: ops.Compacted, Value: history.IntValue(40)}) || r.next != 40 {
		t.Errorf("it goes on at %d", r.next)
	}
	if r.took(cluster.Outcome{Type: history.Fail, Error: ops.Compacted, Value: history.IntValue(30)}) || r.next != 40 {
		t.Errorf("it goes back to %d", r.next)
	}
}
