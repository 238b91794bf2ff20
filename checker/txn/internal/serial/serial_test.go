package serial

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker/txn/internal/wr"
)

// draw draws transactions of some steps to many, which happen one after the other. Now and then one reads what was there before.
func draw(t *rapid.T) *wr.History {
	h := &wr.History{First: []int32{0}, Keys: 100}
	current, before := make([]int32, h.Keys), make([]int32, h.Keys)
	for key := range current {
		current[key], before[key] = wr.Initial, wr.Initial
	}
	stale := rapid.IntRange(0, 3).Draw(t, "stale") == 0
	longest := rapid.SampledFrom([]int{3, fewSteps, 4 * fewSteps}).Draw(t, "longest")
	for i := range int32(rapid.IntRange(1, 20).Draw(t, "transactions")) {
		wrote := map[int32]bool{}
		for range rapid.IntRange(1, longest).Draw(t, "steps") {
			key := int32(rapid.IntRange(0, h.Keys-1).Draw(t, "key"))
			switch {
			case wrote[key]:
			case rapid.Bool().Draw(t, "write"):
				h.Events = append(h.Events, wr.Event{Key: key, From: wr.Write})
				wrote[key] = true
			case stale && rapid.IntRange(0, 9).Draw(t, "old") == 0:
				h.Events = append(h.Events, wr.Event{Key: key, From: before[key]})
			default:
				h.Events = append(h.Events, wr.Event{Key: key, From: current[key]})
			}
		}
		for key := range wrote {
			before[key], current[key] = current[key], i
		}
		h.First = append(h.First, int32(len(h.Events)))
		h.Session, h.Begin, h.End = append(h.Session, i), append(h.Begin, int64(i)), append(h.End, int64(i)+int64(rapid.IntRange(1, 5).Draw(t, "length")))
	}
	return h
}

// explains reports whether each read sees what was written last, if the transactions happen in an order.
func explains(h *wr.History, order []int32) bool {
	current := make([]int32, h.Keys)
	for key := range current {
		current[key] = wr.Initial
	}
	latest := int64(math.MinInt64)
	for _, t := range order {
		if h.End[t] <= latest {
			return false
		}
		latest = max(latest, h.Begin[t])
		for _, e := range h.Of(t) {
			if !e.IsWrite() && e.From != current[e.Key] {
				return false
			}
		}
		for _, e := range h.Of(t) {
			if e.IsWrite() {
				current[e.Key] = t
			}
		}
	}
	return true
}

// An order that is found explains the history, and one is found where the transactions happened as they were drawn.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := draw(t)
		drawn := make([]int32, h.Len())
		for i := range drawn {
			drawn[i] = int32(i)
		}
		order := Order(h, 1_000_000, 1<<20, nil)
		if order == nil && explains(h, drawn) {
			t.Fatal("there is an order, and it was not found")
		}
		if order != nil && (len(order) != h.Len() || !explains(h, order)) {
			t.Fatalf("%v explains nothing", order)
		}
	})
}
