package replicated

import (
	"maps"
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// right is the definition: whether a history of an object keeps all rules. Versions and contexts are sets of names here, and orders are
// tried one by one.
func right(e *execution) bool {
	d := defined{updates: map[string]*named{}}
	for i := range e.operations {
		d.read(&e.operations[i])
	}
	for _, a := range d.answers {
		if !d.plausible(a) {
			return false
		}
	}
	for _, a := range d.answers {
		if a.op.F == ops.Read && e.dataType != ops.Text && !d.value(e.dataType, a).Equal(a.value) {
			return false
		}
	}
	return d.converged() && (e.dataType != ops.Text || d.orderly())
}

type set map[string]bool

func setOf(v logical.Vector) set {
	all := set{}
	for actor, n := range v {
		for i := uint64(1); i <= n; i++ {
			all[logical.Dot{Node: actor, N: i}.String()] = true
		}
	}
	return all
}

func (s set) within(t set) bool {
	for name := range s {
		if !t[name] {
			return false
		}
	}
	return true
}

// named is an update, and told an answer.
type named struct {
	name, actor string
	op          *history.Operation
	seen        set
	argument    history.Value
}

type told struct {
	op         *history.Operation
	sees, want set
	value      history.Value
}

type defined struct {
	updates map[string]*named
	answers []told
}

func (d *defined) read(op *history.Operation) {
	a := told{op: op}
	if op.F == ops.Read {
		v, _ := ops.DecodeVector(op.Input)
		a.want = setOf(v)
	} else {
		u, _ := ops.DecodeUpdate(op.Input)
		d.updates[u.Dot.String()] = &named{u.Dot.String(), u.Node, op, setOf(u.Context), u.Argument}
		a.want = setOf(u.Context)
		a.want[u.Dot.String()] = true
	}
	if op.Outcome == history.OK {
		seen, _ := ops.DecodeSeen(op.Output)
		a.sees, a.value = setOf(seen.Version), seen.Value
		d.answers = append(d.answers, a)
	}
}

// plausible: known, session and causal.
func (d *defined) plausible(a told) bool {
	for name := range a.sees {
		u := d.updates[name]
		if u == nil || u.op.Outcome == history.Fail || u.op.Invoked > a.op.Returned || !u.seen.within(a.sees) {
			return false
		}
	}
	return a.want.within(a.sees)
}

func (d *defined) converged() bool {
	for _, last := range d.answers {
		for _, a := range d.answers {
			if last.op.Final && !a.op.Final && !a.sees.within(last.sees) {
				return false
			}
		}
	}
	return true
}

// visible are the updates of a kind that an answer sees.
func (d *defined) visible(a told, f string) (all []*named) {
	for _, name := range slices.Sorted(maps.Keys(a.sees)) {
		if u := d.updates[name]; u.op.F == f {
			all = append(all, u)
		}
	}
	return all
}

func (u *named) integer() int64 {
	n, _ := u.argument.Int()
	return n
}

// later: u has the larger stamp.
func later(u, v *named) bool {
	return len(u.seen) > len(v.seen) || len(u.seen) == len(v.seen) && u.actor > v.actor
}

func (d *defined) value(dataType string, a told) history.Value {
	exists := slices.ContainsFunc[[]*named]
	writes, adds, removes, puts := d.visible(a, ops.Write), d.visible(a, ops.Add), d.visible(a, ops.Remove), d.visible(a, ops.Put)
	var list []history.Value
	switch dataType {
	case ops.GCounter, ops.PNCounter:
		sum := int64(0)
		for _, u := range adds {
			sum += u.integer()
		}
		return history.IntValue(sum)
	case ops.LWWRegister:
		for _, u := range writes {
			if !exists(writes, func(v *named) bool { return later(v, u) }) {
				return u.argument
			}
		}
		return history.NilValue()
	case ops.MVRegister:
		for n := range int64(10) {
			for _, u := range writes {
				if u.integer() == n && !exists(writes, func(v *named) bool { return v.seen[u.name] }) {
					list = append(list, u.argument)
				}
			}
		}
	case ops.TwoPhaseSet, ops.ORSet:
		for n := range int64(4) {
			isN := func(u *named) bool { return u.integer() == n }
			survives := func(u *named) bool {
				return isN(u) && !exists(removes, func(r *named) bool { return isN(r) && r.seen[u.name] })
			}
			if dataType == ops.ORSet && exists(adds, survives) || dataType == ops.TwoPhaseSet && exists(adds, isN) && !exists(removes, isN) {
				list = append(list, history.IntValue(n))
			}
		}
	case ops.ORMap:
		return d.entries(puts, removes)
	case ops.Tree:
		return moves(d.visible(a, ops.Move))
	}
	return history.ListValue(list...)
}

func (d *defined) entries(puts, removes []*named) history.Value {
	survives := func(u *named) bool {
		return !slices.ContainsFunc(removes, func(r *named) bool { return r.argument.Equal(u.argument.At(0)) && r.seen[u.name] })
	}
	var entries [][2]history.Value
	for _, u := range puts {
		better := func(v *named) bool {
			return v.argument.At(0).Equal(u.argument.At(0)) && survives(v) && later(v, u)
		}
		if survives(u) && !slices.ContainsFunc(puts, better) {
			entries = append(entries, [2]history.Value{u.argument.At(0), u.argument.At(1)})
		}
	}
	return history.MapValue(entries...)
}

// moves carries out moves on a set of pairs of a node and its parent. Whether a node is below another is found by the closure of that relation.
func moves(all []*named) history.Value {
	slices.SortFunc(all, func(u, v *named) int {
		if later(u, v) {
			return 1
		}
		return -1
	})
	parents := map[int64]int64{}
	for _, u := range all {
		child, parent, _ := u.argument.Pair()
		below := map[int64]bool{child: true}
		for range 5 {
			for node, p := range parents {
				if below[p] {
					below[node] = true
				}
			}
		}
		if !below[parent] && child != 0 {
			parents[child] = parent
		}
	}
	var entries [][2]history.Value
	for child, parent := range parents {
		entries = append(entries, [2]history.Value{history.IntValue(child), history.IntValue(parent)})
	}
	return history.MapValue(entries...)
}
