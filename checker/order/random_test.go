package order_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/order"
	"faultline/cluster/ops"
	"faultline/cluster/report"
	"faultline/history"
)

// run is what three nodes did, each by itself: a message is a number, and its sender is the node that broadcast it.
type run struct {
	delivered [][]int       // of each node, in order
	sender    map[int]int   // of each message
	past      map[int][]int // what its sender had delivered before it, at least
	earlier   map[int][]int // what its sender had broadcast before it
}

// TestAgainstDefinitions: with few messages in random orders the checker finds exactly the rules that are broken by their definitions.
func TestAgainstDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, events := drawn(t)
		all, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		in := checker.Input{Operations: all, Report: &report.Report{}, Ending: checker.Ending{Settled: 90 * time.Second}}
		for _, model := range order.Names() {
			found := map[string]bool{}
			for _, f := range order.Checker(model).Check(t.Context(), in, checker.Options{}).Findings {
				found[f.Rule] = true
			}
			for _, rule := range []order.Rule{order.NoDuplication, order.Validity, order.Agreement, order.FIFOOrder, order.CausalOrder, order.TotalOrder} {
				if got, want := found[string(rule)], promises(model, rule) && r.breaks(rule); got != want {
					t.Fatalf("%s: %s is broken: %v, found: %v\n%+v", model, rule, want, got, r)
				}
			}
		}
	})
}

func promises(model string, rule order.Rule) bool {
	m, err := order.ModelByName(model)
	return err == nil && slices.Contains(m.Rules, rule)
}

// drawn is a run in which each node delivers some messages in a random order. Messages are broadcast one after the other, and a sender has then
// delivered some prefix of what it delivers.
func drawn(t *rapid.T) (run, []history.Event) {
	r := run{sender: map[int]int{}, past: map[int][]int{}, earlier: map[int][]int{}}
	n := rapid.IntRange(1, 5).Draw(t, "messages")
	var messages []int
	for m := range n {
		messages = append(messages, m)
	}
	for range 3 {
		some := rapid.Permutation(messages).Draw(t, "order")
		r.delivered = append(r.delivered, some[:rapid.SampledFrom([]int{n, n, n, rapid.IntRange(0, n).Draw(t, "few")}).Draw(t, "delivered")])
	}
	if rapid.IntRange(0, 9).Draw(t, "repeats") == 0 && len(r.delivered[0]) > 0 {
		r.delivered[0] = append(slices.Clone(r.delivered[0]), r.delivered[0][0])
	}
	var events []history.Event
	at := time.Duration(0)
	do := func(node int, f string, input, output history.Value) {
		e := history.Event{Time: at, Process: node, Type: history.Invoke, F: f, Value: input}
		done := history.Event{Time: at + time.Millisecond, Process: node, Type: history.OK, F: f, Value: output, Node: fmt.Sprintf("n%d", node+1)}
		events = append(events, e, done)
		at += 2 * time.Millisecond
	}
	for m := range n {
		sender := rapid.IntRange(0, 2).Draw(t, "sender")
		before := rapid.IntRange(0, len(r.delivered[sender])).Draw(t, "before")
		r.sender[m], r.past[m] = sender, r.delivered[sender][:before]
		for other := range m {
			if r.sender[other] == sender {
				r.earlier[m] = append(r.earlier[m], other)
			}
		}
		do(sender, ops.Broadcast, history.IntValue(int64(m)), history.IntValue(int64(before)))
	}
	at = 100 * time.Second
	for node, delivered := range r.delivered {
		var values []history.Value
		for _, m := range delivered {
			values = append(values, history.IntValue(int64(m)))
		}
		do(node, ops.Deliveries, history.IntValue(0), ops.EncodeDelivered(values))
	}
	return r, events
}

// breaks decides by the definition.
func (r run) breaks(rule order.Rule) bool {
	for _, delivered := range r.delivered {
		for m := range r.sender {
			lacks := !slices.Contains(delivered, m)
			if rule == order.Validity && lacks ||
				rule == order.Agreement && lacks && slices.Contains(slices.Concat(r.delivered...), m) ||
				rule == order.NoDuplication && slices.Index(delivered, m) != lastIndex(delivered, m) {
				return true
			}
		}
		for i, m := range delivered {
			if slices.Index(delivered, m) < i {
				continue // it was delivered before
			}
			sent := slices.Clone(r.earlier[m])
			for _, other := range r.past[m] {
				if r.sender[other] == r.sender[m] {
					sent = append(sent, other)
				}
			}
			without := func(other int) bool { return other != m && !slices.Contains(delivered[:i], other) }
			if rule == order.FIFOOrder && slices.ContainsFunc(sent, without) || rule == order.CausalOrder && slices.ContainsFunc(r.past[m], without) {
				return true
			}
		}
		for _, other := range r.delivered {
			if n := min(len(delivered), len(other)); rule == order.TotalOrder && !slices.Equal(delivered[:n], other[:n]) {
				return true
			}
		}
	}
	return false
}

func lastIndex(all []int, m int) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i] == m {
			return i
		}
	}
	return -1
}
