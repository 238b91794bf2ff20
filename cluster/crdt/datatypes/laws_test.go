package datatypes

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// execution is what a few replicas of one object have done: each update was made at a replica, in view of what its actor had seen there.
type execution struct {
	replicas []*Object
	actors   []*actor
	updates  []Update
	deltas   []*Object
	states   []*Object // that replicas had at some time
}

// actor makes updates, each where the replica has what it has seen.
type actor struct {
	name string
	n    uint64
	seen logical.Vector
}

// executions draws them. What an actor has seen lags behind what is at the replica, unless it has just read.
func executions(name string) *rapid.Generator[*execution] {
	return rapid.Custom(func(t *rapid.T) *execution {
		e := &execution{}
		for i := range rapid.IntRange(2, 3).Draw(t, "replicas") {
			o, err := New(name)
			if err != nil {
				t.Fatal(err)
			}
			e.replicas = append(e.replicas, o)
			e.actors = append(e.actors, &actor{name: fmt.Sprintf("c%d", i), seen: logical.Vector{}})
		}
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			a := rapid.SampledFrom(e.actors).Draw(t, "actor")
			at := rapid.SampledFrom(e.replicas).Draw(t, "replica")
			switch rapid.SampledFrom([]string{"update", "update", "update", "read", "join", "delta"}).Draw(t, "step") {
			case "read":
				if at.Seen.Vector.Contains(a.seen) {
					a.seen = at.Seen.Vector.Clone()
				}
			case "join":
				at.Join(rapid.SampledFrom(e.replicas).Draw(t, "other"))
			case "delta":
				e.takeDelta(t, at)
			case "update":
				if at.Seen.Vector.Contains(a.seen) {
					e.update(t, a, at)
				}
			}
			e.states = append(e.states, at.Clone())
		}
		return e
	})
}

func (e *execution) update(t *rapid.T, a *actor, at *Object) {
	u := Update{F: rapid.SampledFrom(dataTypes[at.Type].updates).Draw(t, "f")}
	u.Update = ops.Update{Dot: logical.Dot{Node: a.name, N: a.n + 1}, Context: a.seen.Clone(), Argument: argument(t, at, u.F, a)}
	if u.Argument.Kind() == history.None {
		return
	}
	delta, err := at.Delta(u)
	if err != nil {
		t.Fatal(err)
	}
	at.Join(delta)
	a.n++
	a.seen[a.name] = a.n
	e.updates, e.deltas = append(e.updates, u), append(e.deltas, delta)
}

// takeDelta joins in a delta where what it follows is: the causal delta-merging condition. Otherwise the version would tell more than is there, until the
// rest has come.
func (e *execution) takeDelta(t *rapid.T, at *Object) {
	if len(e.deltas) == 0 {
		return
	}
	if i := rapid.IntRange(0, len(e.deltas)-1).Draw(t, "some delta"); at.Seen.Vector.Contains(e.updates[i].Context) {
		at.Join(e.deltas[i])
	}
}

// argument draws one that the operation takes; None if there is none.
func argument(t *rapid.T, at *Object, f string, a *actor) history.Value {
	number := func(low, high int, what string) history.Value {
		return history.IntValue(int64(rapid.IntRange(low, high).Draw(t, what)))
	}
	switch at.Type + "." + f {
	case "pn-counter.add":
		return number(-3, 3, "by")
	case "text.insert":
		return neighbours(t, at, a.seen)
	case "text.delete":
		return shown(t, at, a.seen)
	case "tree.move":
		return history.ListValue(number(1, 4, "child"), number(0, 4, "parent"))
	case "or-map.put":
		return history.ListValue(number(1, 2, "key"), number(1, 9, "value"))
	default:
		return number(1, 3, "element")
	}
}

func joined(states ...*Object) *Object {
	all := states[0].Clone()
	for _, s := range states[1:] {
		all.Join(s)
	}
	return all
}

func text(o *Object) string {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// eachType checks a property of executions of every type.
func eachType(t *testing.T, property func(t *rapid.T, e *execution)) {
	for _, name := range Types() {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { property(t, executions(name).Draw(t, "execution")) })
		})
	}
}

// TestLattice: joins of states and deltas are commutative, associative and idempotent.
func TestLattice(t *testing.T) {
	eachType(t, func(t *rapid.T, e *execution) {
		some := append(e.states, e.deltas...)
		a, b, c := rapid.SampledFrom(some).Draw(t, "a"), rapid.SampledFrom(some).Draw(t, "b"), rapid.SampledFrom(some).Draw(t, "c")
		for law, sides := range map[string][2]*Object{
			"commutative": {joined(a, b), joined(b, a)},
			"associative": {joined(joined(a, b), c), joined(a, joined(b, c))},
			"idempotent":  {joined(a, a), a.Clone()},
			"absorbing":   {joined(joined(a, b), b), joined(a, b)},
		} {
			if x, y := text(sides[0]), text(sides[1]); x != y {
				t.Errorf("not %s:\n%s\n%s\nof %s\nand %s\nand %s", law, x, y, text(a), text(b), text(c))
			}
		}
	})
}

// TestConvergence: whoever has the same updates has the same state, whether it got states, deltas in any order, or the updates themselves.
func TestConvergence(t *testing.T) {
	eachType(t, func(t *rapid.T, e *execution) {
		fresh, _ := New(e.replicas[0].Type)
		byDeltas := joined(append([]*Object{fresh}, rapid.Permutation(e.deltas).Draw(t, "deltas")...)...)
		byUpdates := fresh.Clone()
		for _, u := range e.updates { // which are in a causal order
			delta, err := byUpdates.Delta(u)
			if err != nil {
				t.Fatal(err)
			}
			byUpdates.Join(delta)
		}
		for way, o := range map[string]*Object{"deltas": byDeltas, "updates": byUpdates} {
			if want := joined(e.replicas...); text(o) != text(want) || !o.Value().Equal(want.Value()) {
				t.Errorf("by %s it is\n%s\nand by states\n%s", way, text(o), text(want))
			}
		}
		bySeen := map[string]*Object{}
		for _, o := range e.states {
			seen := text(&Object{Seen: o.Seen})
			if other := bySeen[seen]; other != nil && text(other) != text(o) {
				t.Errorf("both have the same updates:\n%s\n%s", text(other), text(o))
			}
			bySeen[seen] = o
		}
	})
}

// TestTwice: an update that is made once more, at any replica that has what it was made in view of, has no further effect.
func TestTwice(t *testing.T) {
	eachType(t, func(t *rapid.T, e *execution) {
		all := joined(e.replicas...)
		for _, u := range e.updates {
			at := rapid.SampledFrom(e.states).Draw(t, "state")
			if !at.Seen.Vector.Contains(u.Context) {
				continue
			}
			again, err := at.Delta(u)
			if err != nil {
				t.Fatal(err)
			}
			if twice := joined(all, again); all.Seen.Includes(u.Dot) && text(twice) != text(all) {
				t.Errorf("%v once more makes\n%s\nof\n%s", u, text(twice), text(all))
			}
		}
	})
}

// TestJSON: a state comes back as it was.
func TestJSON(t *testing.T) {
	eachType(t, func(t *rapid.T, e *execution) {
		for _, o := range append(e.states, e.deltas...) {
			var back Object
			if err := json.Unmarshal([]byte(text(o)), &back); err != nil {
				t.Fatal(err)
			}
			if text(&back) != text(o) || !back.Value().Equal(o.Value()) {
				t.Errorf("%s came back as %s", text(o), text(&back))
			}
		}
	})
}

// shown draws a character of a text that an actor has seen, and has not seen deleted; None if there is none.
func shown(t *rapid.T, at *Object, seen logical.Vector) history.Value {
	if all := characters(at, seen); len(all) > 0 {
		return rapid.SampledFrom(all).Draw(t, "character")
	}
	return history.Value{}
}

// neighbours draws two that are next to each other in what an actor has seen of a text.
func neighbours(t *rapid.T, at *Object, seen logical.Vector) history.Value {
	all := append(append([]history.Value{history.NilValue()}, characters(at, seen)...), history.NilValue())
	i := rapid.IntRange(0, len(all)-2).Draw(t, "place")
	return history.ListValue(all[i], all[i+1])
}

// characters are those of a text that an actor has seen. It may not have seen that they are deleted.
func characters(at *Object, seen logical.Vector) (names []history.Value) {
	for n := at.Content.(*Text).order.first(); n != nil; n = n.next() {
		if n.of.N > 0 && seen.Includes(n.of.Dot) {
			names = append(names, history.TextValue(n.of.Dot.String()))
		}
	}
	return names
}
