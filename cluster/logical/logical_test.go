package logical

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// event is one of a run of several nodes, with what each clock says of it and the events that happened before it.
type event struct {
	lamport Stamp
	vector  Vector
	hybrid  Hybrid
	before  map[int]bool
}

// node has one clock of each kind, and what its last event knows of.
type node struct {
	lamport Lamport
	vector  Vector
	hybrid  Hybrid
	known   map[int]bool
}

// TestClocksKeepHappenedBefore draws runs of nodes whose physical clocks show anything. The relation of the events is kept as sets, which is its
// definition.
func TestClocksKeepHappenedBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := make([]node, rapid.IntRange(2, 4).Draw(t, "nodes"))
		for i := range nodes {
			nodes[i] = node{vector: Vector{}, known: map[int]bool{}}
		}
		var events []event
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			i := rapid.IntRange(0, len(nodes)-1).Draw(t, "node")
			from := rapid.IntRange(-1, len(events)-1).Draw(t, "message of")
			events = append(events, nodes[i].event(fmt.Sprint(i), events, from, time.Duration(rapid.IntRange(0, 5).Draw(t, "clock"))))
			nodes[i].known[len(events)-1] = true
		}
		for i, a := range events {
			for j, b := range events {
				if i != j {
					compare(t, a, b, b.before[i], a.before[j])
				}
			}
		}
	})
}

// event has an event happen: the receipt of what was sent at another, or one of the node itself if from is negative.
func (n *node) event(name string, events []event, from int, now time.Duration) event {
	if from < 0 {
		n.lamport.Tick()
		n.hybrid.Tick(now)
	} else {
		sent := events[from]
		n.lamport.Receive(sent.lamport.Time)
		n.hybrid.Receive(sent.hybrid, now)
		n.vector.Merge(sent.vector)
		n.known[from] = true
		for i := range sent.before {
			n.known[i] = true
		}
	}
	n.vector.Tick(name)
	before := map[int]bool{}
	for i := range n.known {
		before[i] = true
	}
	return event{Stamp{n.lamport, name}, n.vector.Clone(), n.hybrid, before}
}

func compare(t *rapid.T, a, b event, before, after bool) {
	order, want := a.vector.Compare(b.vector), Concurrent
	switch {
	case before:
		want = Before
	case after:
		want = After
	}
	if order != want {
		t.Errorf("%v is %v %v, but should be %v", a.vector, order, b.vector, want)
	}
	if c := a.lamport.Compare(b.lamport); c == 0 || before && c > 0 {
		t.Errorf("%v and %v compare as %d, but the first happened before: %v", a.lamport, b.lamport, c, before)
	}
	if before && a.hybrid.Compare(b.hybrid) >= 0 {
		t.Errorf("%v is not before %v", a.hybrid, b.hybrid)
	}
}

func TestHybridStaysNearPhysicalTime(t *testing.T) {
	var h Hybrid
	for _, step := range []struct {
		got  Hybrid
		want string
	}{
		{h.Tick(5), "5ns+0"},
		{h.Tick(3), "5ns+1"}, // a clock that was set back does not set this one back
		{h.Receive(Hybrid{Wall: 9, Count: 2}, 6), "9ns+3"}, // the sender's clock is ahead
		{h.Receive(Hybrid{Wall: 8, Count: 7}, 6), "9ns+4"}, // the sender's clock is behind
		{h.Tick(12), "12ns+0"},                             // nothing is left of other clocks once the own one is ahead
	} {
		if step.got.String() != step.want {
			t.Errorf("%v, want %s", step.got, step.want)
		}
	}
}
