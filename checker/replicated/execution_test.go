package replicated

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"faultline/checker"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// execution is a small history of one object, as replicas made it that do what they should, and then perhaps with something changed.
type execution struct {
	draw       *rand.Rand
	dataType   string
	replicas   []*datatypes.Object
	actors     []*actor
	operations []history.Operation
	settled    int
	// order is another order of the characters of a text than the type has, in which each is between its neighbours all the same.
	order []string
	other bool
}

// actor is a session of a client.
type actor struct {
	name string
	seen logical.Vector
	text []string // what it has before it
	gone bool     // an operation of it was not acknowledged
}

func executed(draw *rand.Rand, dataType string) *execution {
	e := &execution{draw: draw, dataType: dataType, other: draw.IntN(2) == 0}
	for range 2 + draw.IntN(2) {
		o, err := datatypes.New(dataType)
		if err != nil {
			panic(err)
		}
		e.replicas = append(e.replicas, o)
	}
	for i := range 2 + draw.IntN(2) {
		e.actors = append(e.actors, &actor{name: fmt.Sprintf("c%d", i), seen: logical.Vector{}})
	}
	for range 3 + draw.IntN(9) {
		e.step()
	}
	for i := range e.replicas {
		for _, other := range e.replicas {
			e.replicas[i].Join(other)
		}
	}
	e.settled = len(e.operations)
	for _, at := range e.replicas {
		e.read(&actor{seen: logical.Vector{}}, at)
	}
	if draw.IntN(3) > 0 {
		e.change()
	}
	return e
}

func (e *execution) step() {
	a, at := e.actors[e.draw.IntN(len(e.actors))], e.replicas[e.draw.IntN(len(e.replicas))]
	switch p := e.draw.IntN(10); {
	case p < 2:
		at.Join(e.replicas[e.draw.IntN(len(e.replicas))])
	case a.gone || !at.Seen.Vector.Contains(a.seen):
	case p < 5:
		e.read(a, at)
	default:
		e.update(a, at)
	}
}

// add adds an operation, which is over before the next one begins.
func (e *execution) add(op history.Operation) {
	i := int32(len(e.operations))
	op.Key, op.Invoked, op.Returned, op.Process = e.dataType+"/1", 2*i, 2*i+1, i%3

	e.operations = append(e.operations, op)
}

func (e *execution) read(a *actor, at *datatypes.Object) {
	value := at.Value()
	if e.dataType == ops.Text && e.other {
		value = e.inOrder(value)
	}
	e.add(history.Operation{F: ops.Read, Input: ops.EncodeVector(a.seen), Outcome: history.OK,
		Output: ops.Seen{Value: value, Version: at.Seen.Vector}.Encode()})
	a.seen, a.text = at.Seen.Vector.Clone(), nil
	for c := range value.Elements {
		name, _ := c.Text()
		a.text = append(a.text, name)
	}
}

func (e *execution) update(a *actor, at *datatypes.Object) {
	f, argument := e.argument(a)
	u := datatypes.Update{F: f, Update: ops.Update{Dot: logical.Dot{Node: a.name, N: a.seen[a.name] + 1}, Context: a.seen.Clone(), Argument: argument}}
	op := history.Operation{F: f, Input: u.Encode(), Outcome: history.OK}
	switch e.draw.IntN(12) {
	case 0:
		op.Outcome, a.gone = history.Fail, true
		e.add(op)
		return
	case 1:
		op.Outcome, a.gone = history.Info, true
		if e.draw.IntN(2) == 0 {
			e.add(op)
			return
		}
	}
	delta, err := at.Delta(u)
	if err != nil {
		panic(err)
	}
	at.Join(delta)
	if op.Outcome == history.OK {
		op.Output = ops.Seen{Version: at.Seen.Vector}.Encode()
	}
	e.add(op)
	a.seen[a.name]++
	e.edit(a, u)
}

// argument draws an update.
func (e *execution) argument(a *actor) (f string, argument history.Value) {
	number := func(n int64) history.Value { return history.IntValue(1 + e.draw.Int64N(n)) }
	remove := e.draw.IntN(3) == 0
	switch e.dataType {
	case ops.GCounter:
		return ops.Add, number(3)
	case ops.PNCounter:
		return ops.Add, history.IntValue(e.draw.Int64N(7) - 3)
	case ops.LWWRegister, ops.MVRegister:
		return ops.Write, number(9)
	case ops.Tree:
		return ops.Move, history.PairValue(1+e.draw.Int64N(3), e.draw.Int64N(4))
	case ops.Text:
		return e.edits(a, remove)
	}
	switch {
	case remove:
		return ops.Remove, number(2)
	case e.dataType == ops.ORMap:
		return ops.Put, history.PairValue(1+e.draw.Int64N(2), 1+e.draw.Int64N(9))
	}
	return ops.Add, number(2)
}

func (e *execution) edits(a *actor, remove bool) (string, history.Value) {
	if remove && len(a.text) > 0 {
		return ops.Delete, history.TextValue(a.text[e.draw.IntN(len(a.text))])
	}
	i := e.draw.IntN(len(a.text) + 1)
	name := func(i int) history.Value {
		if i < 0 || i == len(a.text) {
			return history.NilValue()
		}
		return history.TextValue(a.text[i])
	}
	return ops.Insert, history.ListValue(name(i-1), name(i))
}

// edit has an update of a text take place before its actor, and in the other order.
func (e *execution) edit(a *actor, u datatypes.Update) {
	name, _ := u.Argument.Text()
	switch u.F {
	case ops.Delete:
		a.text = slices.DeleteFunc(a.text, func(c string) bool { return c == name })
	case ops.Insert:
		after, _ := u.Argument.At(0).Text()
		before, isBefore := u.Argument.At(1).Text()
		a.text = slices.Insert(a.text, slices.Index(a.text, after)+1, u.Dot.String())
		low, high := slices.Index(e.order, after)+1, len(e.order)
		if isBefore {
			high = slices.Index(e.order, before)
		}
		e.order = slices.Insert(e.order, low+e.draw.IntN(max(1, high-low+1)), u.Dot.String())
	}
}

// inOrder puts characters into the other order.
func (e *execution) inOrder(v history.Value) history.Value {
	all, _ := v.List()
	slices.SortFunc(all, func(a, b history.Value) int {
		x, _ := a.Text()
		y, _ := b.Text()
		return slices.Index(e.order, x) - slices.Index(e.order, y)
	})
	return history.ListValue(all...)
}

// change makes something else of the history, which may be right all the same.
func (e *execution) change() {
	i := e.draw.IntN(len(e.operations))
	op := &e.operations[i]
	seen, err := ops.DecodeSeen(op.Output)
	if op.Outcome != history.OK || err != nil {
		op.Outcome = []history.Type{history.Fail, history.Info}[e.draw.IntN(2)]
		return
	}
	switch e.draw.IntN(6) {
	case 0:
		if op.F != ops.Read {
			op.Outcome = []history.Type{history.Fail, history.Info}[e.draw.IntN(2)]
			return
		}
		seen.Value = e.otherValue(seen.Value)
	case 1:
		for actor := range seen.Version {
			delete(seen.Version, actor)
			break
		}
	case 2:
		name := e.actors[e.draw.IntN(len(e.actors))].name
		if seen.Version[name]--; seen.Version[name] == 0 || seen.Version[name] > 99 {
			delete(seen.Version, name)
		}
	case 3:
		seen.Version[e.actors[e.draw.IntN(len(e.actors))].name]++
	default:
		if op.F == ops.Read {
			seen.Value = e.otherValue(seen.Value)
		}
	}
	op.Output = seen.Encode()
}

// otherValue is that of another read, or much like this one.
func (e *execution) otherValue(v history.Value) history.Value {
	var values []history.Value
	for _, op := range e.operations {
		if seen, err := ops.DecodeSeen(op.Output); err == nil && op.F == ops.Read {
			values = append(values, seen.Value)
		}
	}
	all, ok := v.List()
	switch {
	case ok && len(all) > 1 && e.draw.IntN(2) == 0:
		i := e.draw.IntN(len(all) - 1)
		all[i], all[i+1] = all[i+1], all[i]
		return history.ListValue(all...)
	case ok && len(all) > 0 && e.draw.IntN(2) == 0:
		return history.ListValue(all[1:]...)
	}
	return values[e.draw.IntN(len(values))]
}

// input is the history for the checker. The final reads begin when all is settled.
func (e *execution) input() checker.Input {
	in := checker.Input{Operations: e.operations}
	for i := range in.Operations {
		op := &in.Operations[i]
		op.Final = i >= e.settled
		op.Answered("", "")
	}
	return in
}

// updated reports whether there is an update: a history without one says nothing.
func (e *execution) updated() bool {
	return slices.ContainsFunc(e.operations, func(op history.Operation) bool { return op.F != ops.Read })
}
