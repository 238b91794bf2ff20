package lists_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/lists"
	"faultline/checker/txn/internal/record"
	"faultline/history"
)

// Dependencies and anomalies are what the definitions say, whatever the history.
func TestInferenceAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ops := drawHistory(t)
		n := naiveOf(ops)
		h := inParts(t, ops)
		if len(h.Malformed) > 0 {
			t.Fatalf("malformed: %v", h.Malformed)
		}
		if whole := record.New(record.ListAppend, ops, nil); !reflect.DeepEqual(h, whole) {
			t.Fatalf("in parts it is\n%v\nand as a whole\n%v", h, whole)
		}
		if got, want := edgesOf(lists.New(h)), n.edges(n.next); !slices.Equal(got, want) {
			t.Fatalf("edges\n got %v\nwant %v\n%s", got, want, show(ops))
		}
		if got, want := edgesOf(lists.New(h).Later()), n.edges(n.later); !sameOrder(got, want) {
			t.Fatalf("later edges\n got %v\nwant %v\n%s", got, want, show(ops))
		}
		if got, want := directOf(h), n.direct(); !slices.Equal(got, want) {
			t.Fatalf("direct\n got %v\nwant %v\n%s", got, want, show(ops))
		}
	})
}

// inParts makes a record of a few operations at a time, so that all of it has to be put together.
func inParts(t *rapid.T, ops []history.Operation) *record.History {
	b := record.NewBuilder(record.ListAppend, nil)
	for len(ops) > 0 {
		n := rapid.IntRange(1, len(ops)).Draw(t, "part")
		b.Add(ops[:n])
		ops = ops[n:]
	}
	return b.Finish()
}

// sameOrder reports whether all edges that are there are wanted, and the other way round: an rw may be missing if there is a ww, as
// whoever replaced what it read goes on from there. Edges from a transaction to itself do not count.
func sameOrder(got, want []string) bool {
	for _, e := range got {
		if from, to := ends(e); from != to && !slices.Contains(want, e) {
			return false
		}
	}
	return !slices.ContainsFunc(want, func(e string) bool {
		from, to := ends(e)
		return !slices.Contains(got, e) && (strings.Contains(e, " wr ") || !slices.Contains(got, from+" ww "+to))
	})
}

func ends(edge string) (from, to string) {
	words := strings.Fields(edge)
	return words[0], words[len(words)-1]
}

func edgesOf(r *lists.Relation) []string {
	var all []string
	for t := range int32(r.Txns()) {
		for _, a := range r.Out(t, nil) {
			for _, to := range behind(r, a.To) {
				if _, _, ok := r.Why(graph.Edge{From: t, To: to, Kind: a.Kind}); !ok {
					all = append(all, "unexplained:")
				}
				all = append(all, fmt.Sprintf("%d %v %d", t, a.Kind, to))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// behind are the transactions that an arc to a node leads to.
func behind(r *lists.Relation, node int32) []int32 {
	if node < int32(r.Txns()) {
		return []int32{node}
	}
	var all []int32
	for _, a := range r.Out(node, []graph.Arc{}) {
		all = append(all, behind(r, a.To)...)
	}
	return all
}

func directOf(h *record.History) []string {
	var all []string
	for _, a := range direct.Lists(h) {
		key := h.Keys.Name(a.Key).String()
		last := h.Steps.Txn[a.Steps[len(a.Steps)-1]]
		element := h.Keys.Value(a.Key, a.Element).String()
		text := fmt.Sprintf("%s %s %s", a.Name, key, element)
		switch a.Name {
		case direct.DirtyUpdate, direct.FutureRead:
			continue
		case direct.Internal, direct.ReorderedAppends:
			text = fmt.Sprintf("%s %d %s", a.Name, last, key)
		case direct.G1b:
			text = fmt.Sprintf("%s %d %s %s", a.Name, last, key, element)
		case direct.DuplicateElements, direct.IncompatibleOrder:
			text = fmt.Sprintf("%s %s", a.Name, key)
		case direct.LostUpdate:
			if h.Steps.Saw[a.Steps[0]] == record.Initial {
				text = fmt.Sprintf("%s %s []", a.Name, key)
			}
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func show(ops []history.Operation) string {
	text := ""
	for i, op := range ops {
		text += fmt.Sprintf("%d %v %v %v\n", i, op.Outcome, op.Input, op.Output)
	}
	return text
}

// drawHistory makes transactions that read prefixes of what the lists come to, or now and then something else.
func drawHistory(t *rapid.T) []history.Operation {
	textual := rapid.Bool().Draw(t, "textual")
	name := func(i int) history.Value {
		if textual {
			return history.TextValue([]string{"a1", "a2", "b1"}[i])
		}
		return history.IntValue(int64(i))
	}
	value := func(n int) history.Value {
		if textual && n%2 == 0 {
			return history.TextValue(fmt.Sprint("v", n))
		}
		return history.IntValue(int64(n))
	}
	var final [3][]history.Value
	for k := range final {
		for _, n := range rapid.Permutation([]int{1, 2, 3, 4, 5, 6}).Draw(t, "list")[:rapid.IntRange(0, 5).Draw(t, "length")] {
			final[k] = append(final[k], value(n))
		}
	}
	spoilt := rapid.Bool().Draw(t, "spoilt")
	list := func(k int) history.Value {
		l := slices.Clone(final[k][:rapid.IntRange(0, len(final[k])).Draw(t, "prefix")])
		if spoilt && len(l) > 0 && rapid.IntRange(0, 4).Draw(t, "spoil") == 0 {
			l[rapid.IntRange(0, len(l)-1).Draw(t, "at")] = value(rapid.IntRange(1, 7).Draw(t, "wrong"))
		}
		return history.ListValue(l...)
	}
	written := map[string]bool{}
	var ops []history.Operation
	for i := range rapid.IntRange(1, 10).Draw(t, "txns") {
		var asked, answered []history.Value
		for range rapid.IntRange(0, 4).Draw(t, "steps") {
			k := rapid.IntRange(0, 2).Draw(t, "key")
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0, 1:
				v := value(rapid.IntRange(1, 6).Draw(t, "value"))
				if id := fmt.Sprint(k, v); written[id] && (!spoilt || rapid.Bool().Draw(t, "once")) {
					continue
				} else {
					written[id] = true
				}
				step := history.ListValue(history.TextValue("append"), name(k), v)
				asked, answered = append(asked, step), append(answered, step)
			case 4:
				if !textual {
					continue
				}
				found := [][2]history.Value{}
				for k, prefix := range []string{"a", "a", "b"} {
					if l := list(k); prefix == "a" && l.Len() > 0 && rapid.Bool().Draw(t, "there") {
						found = append(found, [2]history.Value{name(k), l})
					}
				}
				scan, prefix := history.TextValue("scan"), history.TextValue("a")
				asked = append(asked, history.ListValue(scan, prefix, history.NilValue()))
				answered = append(answered, history.ListValue(scan, prefix, history.MapValue(found...)))
			default:
				r := history.TextValue("r")
				asked = append(asked, history.ListValue(r, name(k), history.NilValue()))
				answered = append(answered, history.ListValue(r, name(k), list(k)))
			}
		}
		op := history.Operation{F: "txn", Process: int32(i), Invoked: int32(2 * i), Returned: int32(2*i + 1), Input: history.ListValue(asked...)}
		op.Outcome = rapid.SampledFrom([]history.Type{history.OK, history.OK, history.OK, history.Info, history.Fail}).Draw(t, "outcome")
		if op.Outcome == history.OK {
			op.Output = history.ListValue(answered...)
		}
		ops = append(ops, op)
	}
	return ops
}
