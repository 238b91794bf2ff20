package replicated

import (
	"fmt"
	"maps"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
)

// dataType is what a type makes of updates.
type dataType struct {
	arguments map[string]func(*update) error // of its updates, by their names: how they are read
	// value is what a client reads that sees these updates, which are in the order of their stamps. It is nil for a text, whose order the updates do
	// not determine.
	value func(sees []*update) history.Value
}

var dataTypes = map[string]dataType{
	ops.GCounter:    {map[string]func(*update) error{ops.Add: number}, sum},
	ops.PNCounter:   {map[string]func(*update) error{ops.Add: number}, sum},
	ops.LWWRegister: {map[string]func(*update) error{ops.Write: number}, lastWrite},
	ops.MVRegister:  {map[string]func(*update) error{ops.Write: number}, unseenWrites},
	ops.TwoPhaseSet: {map[string]func(*update) error{ops.Add: element, ops.Remove: element}, neverRemoved},
	ops.ORSet:       {map[string]func(*update) error{ops.Add: element, ops.Remove: element}, unseenByRemoves},
	ops.ORMap:       {map[string]func(*update) error{ops.Put: keyAndValue, ops.Remove: element}, lastPuts},
	ops.Tree:        {map[string]func(*update) error{ops.Move: keyAndValue}, moved},
	ops.Text:        {map[string]func(*update) error{ops.Insert: neighbours, ops.Delete: character}, nil},
}

// number reads the argument of an update that is about the object as a whole.
func number(u *update) (err error) {
	u.value, err = integer(u.Argument)
	return err
}

// element reads the argument of an update that is about one element or key.
func element(u *update) (err error) {
	u.key, err = integer(u.Argument)
	return err
}

// keyAndValue reads the argument of an update that gives something a value.
func keyAndValue(u *update) error {
	var ok bool
	if u.key, u.value, ok = u.Argument.Pair(); !ok {
		return fmt.Errorf("its argument is %s, which is no pair of integers", u.Argument)
	}
	return nil
}

func integer(v history.Value) (int64, error) {
	n, ok := v.Int()
	if !ok {
		return 0, fmt.Errorf("its argument is %s, which is no integer", v)
	}
	return n, nil
}

func sum(sees []*update) history.Value {
	total := int64(0)
	for _, u := range sees {
		total += u.value
	}
	return history.IntValue(total)
}

func lastWrite(sees []*update) history.Value {
	if len(sees) == 0 {
		return history.NilValue()
	}
	return history.IntValue(sees[len(sees)-1].value)
}

func unseenWrites(sees []*update) history.Value {
	var values []int64
	for _, u := range sees {
		if !slices.ContainsFunc(sees, func(v *update) bool { return v.Context.Includes(u.Dot) }) {
			values = append(values, u.value)
		}
	}
	slices.Sort(values)
	return integers(values)
}

func neverRemoved(sees []*update) history.Value {
	return elements(sees, func(add *update) bool {
		return !slices.ContainsFunc(sees, func(u *update) bool { return u.op.F == ops.Remove && u.key == add.key })
	})
}

func unseenByRemoves(sees []*update) history.Value {
	return elements(sees, func(add *update) bool { return !removed(sees, add) })
}

// removed reports whether a remove has seen an add or a put of the same element or key.
func removed(sees []*update, put *update) bool {
	return slices.ContainsFunc(sees, func(u *update) bool {
		return u.op.F == ops.Remove && u.key == put.key && u.Context.Includes(put.Dot)
	})
}

// elements are those that an add has put into a set.
func elements(sees []*update, counts func(add *update) bool) history.Value {
	there := map[int64]bool{}
	for _, u := range sees {
		if u.op.F == ops.Add && counts(u) {
			there[u.key] = true
		}
	}
	return integers(slices.Sorted(maps.Keys(there)))
}

func lastPuts(sees []*update) history.Value {
	values := map[int64]int64{}
	for _, u := range sees {
		if u.op.F == ops.Put && !removed(sees, u) {
			values[u.key] = u.value
		}
	}
	return mapping(values)
}

// moved carries out moves in order. The root is 0, and nothing moves it.
func moved(sees []*update) history.Value {
	parents := map[int64]int64{}
	for _, u := range sees {
		if u.key != 0 && !below(parents, u.value, u.key) {
			parents[u.key] = u.value
		}
	}
	return mapping(parents)
}

// below reports whether a node is another one or below it.
func below(parents map[int64]int64, node, top int64) bool {
	for there := true; there; node, there = parents[node] {
		if node == top {
			return true
		}
	}
	return false
}

func integers(all []int64) history.Value {
	list := make([]history.Value, len(all))
	for i, n := range all {
		list[i] = history.IntValue(n)
	}
	return history.ListValue(list...)
}

func mapping(m map[int64]int64) history.Value {
	var entries [][2]history.Value
	for key, value := range m {
		entries = append(entries, [2]history.Value{history.IntValue(key), history.IntValue(value)})
	}
	return history.MapValue(entries...) // which sorts them
}

// wrong finds a read whose value is not what the type makes of what it has seen.
func (o *object) wrong() *checker.Finding {
	for _, a := range o.answers {
		if a.made != nil || a.sees == nil || o.dataType.value == nil {
			continue
		}
		o.Clock.Spend(len(a.sees))
		if want := o.dataType.value(a.sees); !want.Equal(a.Value) {
			return o.wrongValue(a, want)
		}
	}
	return nil
}

// mostShown bounds how many updates are shown with a wrong value.
const mostShown = 6

// wrongValue is the finding that a read should have returned something else. It shows the last updates that what is wrong is about.
func (o *object) wrongValue(a *answer, want history.Value) *checker.Finding {
	shown := []*history.Operation{a.op}
	for _, u := range slices.Backward(about(a, want)) {
		if len(shown) <= mostShown {
			shown = append(shown, u.op)
		}
	}
	f := o.Found("value", fmt.Sprintf("%v returned %s, and what it has seen makes %s", a, a.Value.Shown(), want.Shown()), shown...)
	return &f
}

// about are the updates that an answer sees which are about the first element or key that is wrong, and about the nodes above that in a tree; all
// if there are none, as of a register.
func about(a *answer, want history.Value) []*update {
	got, right := parts(a.Value), parts(want)
	keys := maps.Clone(got)
	maps.Copy(keys, right)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if got[key] == right[key] {
			continue
		}
		related := map[int64]bool{}
		for key := key; !related[key]; key = above(a.Value, key) {
			related[key] = true
		}
		if some := slices.DeleteFunc(slices.Clone(a.sees), func(u *update) bool { return !related[u.key] }); len(some) > 0 {
			return some
		}
	}
	return a.sees
}

// above is what a map has under a key, such as the parent of a node; the key itself if that is nothing.
func above(v history.Value, key int64) int64 {
	entries, _ := v.Map()
	for _, e := range entries {
		if k, _ := e[0].Int(); k == key {
			key, _ = e[1].Int()
			break
		}
	}
	return key
}

// parts are what a set or a map has, by element or key.
func parts(v history.Value) map[int64]string {
	all := map[int64]string{}
	if entries, ok := v.Map(); ok {
		for _, e := range entries {
			key, _ := e[0].Int()
			all[key] = e[1].String()
		}
		return all
	}
	for e := range v.Elements {
		key, _ := e.Int()
		all[key] += "there "
	}
	return all
}
