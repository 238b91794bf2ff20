package clocks_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/clocks"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// happening is an event of a drawn run, with all that happened before it.
type happening struct {
	ops.Stamped
	node   int
	before map[int]bool
}

// TestAgainstDefinitions: in runs whose clocks are right except for a reading or two, the checker finds exactly the clocks that are wrong by
// their definitions, over all pairs of events.
func TestAgainstDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		in := checker.Input{}
		var err error
		if in.Operations, err = history.Operations(told(all)); err != nil {
			t.Fatal(err)
		}
		part := clocks.Checker(clocks.Names()...).Check(t.Context(), in, checker.Options{})
		for _, name := range clocks.Names() {
			found := slices.ContainsFunc(part.Findings, func(f checker.Finding) bool { return f.Rule == name && f.Validity == checker.Invalid })
			if wrong := wrong(name, all); found != wrong {
				t.Fatalf("%s is wrong: %v, found: %v\n%+v", name, wrong, found, part)
			}
		}
	})
}

// wrong decides by the definition.
func wrong(name string, all []happening) bool {
	for i := range all {
		for k := range all {
			a, b, before := all[i].Clocks, all[k].Clocks, all[k].before[i]
			switch {
			case i == k:
			case name == clocks.Lamport && before && a.Lamport >= b.Lamport,
				name == clocks.Hybrid && before && a.Hybrid.Compare(b.Hybrid) >= 0,
				name == clocks.Physical && before && a.Wall > b.Wall,
				name == clocks.Vector && before != (a.Vector.Compare(b.Vector) == logical.Before):
				return true
			}
		}
	}
	return false
}

// drawn is a run of three nodes that send messages to all.
func drawn(t *rapid.T) (all []happening) {
	names := []string{"n1", "n2", "n3"}
	var at []*logical.Clocks
	last := []int{-1, -1, -1}
	for _, name := range names {
		at = append(at, logical.NewClocks(name))
	}
	wall := time.Duration(0)
	var sent []int // events
	received := map[[2]int]bool{}
	add := func(node, cause int, s ops.Stamped) {
		h := happening{Stamped: s, node: node, before: map[int]bool{}}
		for _, i := range []int{last[node], cause} {
			if i >= 0 {
				h.before[i] = true
				for k := range all[i].before {
					h.before[k] = true
				}
			}
		}
		last[node] = len(all)
		all = append(all, h)
	}
	for range rapid.IntRange(1, 12).Draw(t, "events") {
		wall += time.Duration(rapid.IntRange(0, 2).Draw(t, "passes"))
		node := rapid.IntRange(0, 2).Draw(t, "node")
		i := rapid.IntRange(-1, len(sent)-1).Draw(t, "message")
		if i < 0 {
			now := at[node].Next(wall)
			at[node].Happened(now)
			add(node, -1, ops.Stamped{Message: history.IntValue(int64(len(all))), Clocks: now})
			sent = append(sent, len(all)-1)
		} else if m := sent[i]; all[m].node != node && !received[[2]int{m, node}] {
			received[[2]int{m, node}] = true
			add(node, m, ops.Stamped{Received: true, Message: all[m].Message, Clocks: at[node].Receive(all[m].Clocks, wall)})
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "mistakes") {
		c := &all[rapid.IntRange(0, len(all)-1).Draw(t, "at")].Clocks
		c.Lamport = logical.Lamport(rapid.IntRange(0, 9).Draw(t, "lamport"))
		c.Hybrid.Wall, c.Wall = time.Duration(rapid.IntRange(0, 9).Draw(t, "hybrid")), time.Duration(rapid.IntRange(0, 9).Draw(t, "wall"))
		c.Vector[names[rapid.IntRange(0, 2).Draw(t, "entry")]] = uint64(rapid.IntRange(0, 5).Draw(t, "count"))
	}
	return all
}

// told is a history in which one client reads all events of each node.
func told(all []happening) (events []history.Event) {
	for node := range 3 {
		var of []ops.Stamped
		for _, h := range all {
			if h.node == node {
				of = append(of, h.Stamped)
			}
		}
		at := time.Duration(node) * time.Second
		e := history.Event{Time: at, Process: node, Type: history.Invoke, F: ops.Stamps, Value: history.IntValue(0)}
		done := history.Event{Time: at + 1, Process: node, Type: history.OK, F: ops.Stamps, Value: ops.EncodeStamps(of), Node: fmt.Sprintf("n%d", node+1)}
		events = append(events, e, done)
	}
	return events
}
