package registers

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/history"
)

// The edges of a relation, with hubs or without, are those that the order of versions asks for, and each has a reason.
func TestRelationsAreWhatTheOrderAsksFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ops := drawHistory(t, true)
		h := record.New(record.RWRegister, ops, nil)
		v := Infer(h, models.Realtime, nil)
		for level := models.Data; level <= models.Realtime; level++ {
			relation := v.Relation(level)
			got := edgesOf(relation)
			for _, e := range got {
				if _, ok := v.Why(e, level); !ok {
					t.Fatalf("%v has no reason\n%s", e, show(ops))
				}
			}
			if want := wanted(v, level); !slices.Equal(got, want) {
				t.Fatalf("level %d:\n got %v\nwant %v\n%s", level, got, want, show(ops))
			}
		}
	})
}

// What is inferred holds in the order in which the transactions really happened.
func TestNothingFalseIsInferred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ops := drawHistory(t, false)
		h := record.New(record.RWRegister, ops, nil)
		v := Infer(h, models.Realtime, nil)
		if len(v.Cyclic) > 0 {
			t.Fatalf("versions come before each other: %v\n%s", v.Cyclic, show(ops))
		}
		for _, o := range v.orders {
			if o.From >= o.To { // steps are in the order in which they happened
				t.Fatalf("version %d is not before %d\n%s", o.From, o.To, show(ops))
			}
		}
	})
}

// edgesOf expands the hubs of a relation.
func edgesOf(r graph.Relation) []graph.Edge {
	var edges []graph.Edge
	for t := range int32(r.Txns()) {
		for _, a := range r.Out(t, nil) {
			if a.To < int32(r.Txns()) {
				edges = append(edges, graph.Edge{From: t, To: a.To, Kind: a.Kind})
				continue
			}
			for _, b := range r.Out(a.To, nil) {
				edges = append(edges, graph.Edge{From: t, To: b.To, Kind: a.Kind})
			}
		}
	}
	return sorted(edges)
}

func sorted(edges []graph.Edge) []graph.Edge {
	slices.SortFunc(edges, func(a, b graph.Edge) int {
		return slices.Compare([]int32{a.From, a.To, int32(a.Kind)}, []int32{b.From, b.To, int32(b.Kind)})
	})
	return slices.Compact(edges)
}

// wanted are the edges by the definitions: a version follows another at once if that is in the order, and the initial one if it follows none.
func wanted(v *Versions, level models.Level) []graph.Edge {
	h := v.history
	edges := flow(h)
	for step, final := range v.final {
		if !final || !h.Committed[h.Steps.Txn[step]] {
			continue
		}
		follows := false
		for _, o := range v.orders {
			if o.To == int32(step) && o.Level <= level {
				follows = true
				edges = append(edges, graph.Edge{From: h.Steps.Txn[o.From], To: h.Steps.Txn[step], Kind: graph.WW})
				edges = append(edges, readsOf(v, o.From, int32(step))...)
			}
		}
		if !follows {
			edges = append(edges, readsOf(v, record.Initial, int32(step))...)
		}
	}
	return sorted(slices.DeleteFunc(edges, func(e graph.Edge) bool { return e.From == e.To }))
}

// readsOf are the edges from those who read a version to who replaced it.
func readsOf(v *Versions, version, next int32) []graph.Edge {
	h := v.history
	var edges []graph.Edge
	for step := range h.Steps.Kind {
		reads := h.Steps.Kind[step].IsRead() && h.Steps.Key[step] == h.Steps.Key[next] && h.Steps.Saw[step] == version
		if h.Steps.Kind[step] == record.Scan && version == record.Initial {
			for key := range h.Absent(int32(step)) {
				reads = reads || key == h.Steps.Key[next]
			}
		}
		if reads && h.Committed[h.Steps.Txn[step]] {
			edges = append(edges, graph.Edge{From: h.Steps.Txn[step], To: h.Steps.Txn[next], Kind: kindOf(h.Steps.Kind[step])})
		}
	}
	return edges
}

// drawHistory makes transactions that happen one after the other, in the order in which they are invoked, and overlap. Now and then nobody writes
// for long, so that versions have many readers, or several write at once what nobody reads. Some stores keep reading what was there at first.
func drawHistory(t *rapid.T, mayBeStale bool) []history.Operation {
	state, next := map[string]history.Value{}, int64(0)
	stale := mayBeStale && rapid.Bool().Draw(t, "stale")
	var ops []history.Operation
	writers := rapid.IntRange(1, 10).Draw(t, "writers in ten")
	for i := range int32(rapid.IntRange(1, 40).Draw(t, "transactions")) {
		var steps []history.Value
		for range rapid.IntRange(1, 3).Draw(t, "steps") {
			key := rapid.SampledFrom([]string{"x1", "x2"}).Draw(t, "key")
			switch n := rapid.IntRange(1, 12).Draw(t, "step"); {
			case n <= writers:
				next++
				state[key] = history.IntValue(next)
				steps = append(steps, history.ListValue(history.TextValue("w"), history.TextValue(key), state[key]))
			case n == 12:
				var found [][2]history.Value
				for _, k := range []string{"x1", "x2"} {
					if v, there := state[k]; there {
						found = append(found, [2]history.Value{history.TextValue(k), v})
					}
				}
				steps = append(steps, history.ListValue(history.TextValue("scan"), history.TextValue("x"), history.MapValue(found...)))
			default:
				v, there := state[key]
				if !there || stale && rapid.IntRange(0, 3).Draw(t, "fresh") > 0 {
					v = history.NilValue()
				}
				steps = append(steps, history.ListValue(history.TextValue("r"), history.TextValue(key), v))
			}
		}
		process := i % 5
		value := history.ListValue(steps...)
		returned := 10*i + rapid.SampledFrom([]int32{5, 35, 45}).Draw(t, "returned")
		ops = append(ops, history.Operation{F: "txn", Process: process, Outcome: history.OK, Input: value, Output: value, Invoked: 10 * i, Returned: returned})
	}
	return ops
}

func show(ops []history.Operation) string {
	text := ""
	for i, op := range ops {
		text += fmt.Sprintf("%d  %d-%d  %v\n", i, op.Invoked, op.Returned, op.Output)
	}
	return text
}
