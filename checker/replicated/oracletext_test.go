package replicated

import (
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// orderly: every read has the right characters, and there are orders of all characters as the rules say.
func (d *defined) orderly() bool {
	t := &written{defined: d, after: map[string]string{}, before: map[string]string{}}
	for _, a := range d.answers {
		if !t.read(a) {
			return false
		}
	}
	var orders [][]string
	permutations(t.all, func(order []string) {
		if t.keeps(order, nil) {
			orders = append(orders, slices.Clone(order))
		}
	})
	forward := func(order []string) bool {
		return through(order, func(c string) (string, bool) { return t.after[c], false })
	}
	if !slices.ContainsFunc(orders, forward) {
		return false
	}
	open := t.open(orders)
	some := slices.DeleteFunc(slices.Clone(t.all), func(c string) bool { return open[c] })
	found := len(some) == 0
	permutations(some, func(order []string) {
		found = found || t.keeps(order, open) && through(order, t.parent)
	})
	return found
}

// written is a text: its characters, between which each was inserted, and what reads returned.
type written struct {
	*defined
	all           []string
	after, before map[string]string
	reads         [][]string
}

func (t *written) read(a told) bool {
	there := set{}
	for _, u := range t.visible(a, ops.Insert) {
		there[u.name] = true
		if !slices.Contains(t.all, u.name) {
			t.all = append(t.all, u.name)
			t.after[u.name], _ = u.argument.At(0).Text()
			t.before[u.name], _ = u.argument.At(1).Text()
		}
	}
	for _, u := range t.visible(a, ops.Delete) {
		name, _ := u.argument.Text()
		delete(there, name)
	}
	if a.op.F != ops.Read {
		return true
	}
	var list []string
	for c := range a.value.Elements {
		name, _ := c.Text()
		list = append(list, name)
	}
	t.reads = append(t.reads, list)
	unique := set{}
	for _, c := range list {
		unique[c] = true
	}
	return len(list) == len(there) && unique.within(there) && there.within(unique)
}

// keeps: reads and inserts agree with an order, without some characters.
func (t *written) keeps(order []string, without set) bool {
	at := map[string]int{}
	for i, c := range order {
		at[c] = i
	}
	precedes := func(x, y string) bool { return x == "" || y == "" || without[x] || without[y] || at[x] < at[y] }
	for _, c := range t.all {
		if !precedes(t.after[c], c) || !precedes(c, t.before[c]) {
			return false
		}
	}
	for _, list := range t.reads {
		list = slices.DeleteFunc(slices.Clone(list), func(c string) bool { return without[c] })
		if !slices.IsSortedFunc(list, func(x, y string) int { return at[x] - at[y] }) {
			return false
		}
	}
	return true
}

// parent is where a character is in the tree of Fugue, and whether on the left.
func (t *written) parent(c string) (string, bool) {
	if b := t.before[c]; b != "" && t.after[b] == t.after[c] {
		return b, true
	}
	return t.after[c], false
}

// open are the characters of which some order has a deleted one between their neighbours, and what is below them.
func (t *written) open(orders [][]string) set {
	open := set{}
	for _, c := range t.all {
		for name := range t.updates[c].seen {
			u := t.updates[name]
			gone, _ := u.argument.Text()
			if u.op.F == ops.Delete && slices.ContainsFunc(orders, func(order []string) bool { return t.between(order, gone, c) }) {
				open[c] = true
			}
		}
	}
	for range t.all {
		for _, c := range t.all {
			if parent, _ := t.parent(c); open[parent] {
				open[c] = true
			}
		}
	}
	return open
}

func (t *written) between(order []string, gone, c string) bool {
	at := slices.Index(order, gone)
	return at > slices.Index(order, t.after[c]) && (t.before[c] == "" || at < slices.Index(order, t.before[c]))
}

// through reports whether an order goes through a tree: what is below a node is next to it, on its side.
func through(order []string, parent func(string) (string, bool)) bool {
	for i, x := range order {
		for j, y := range order {
			left, below := side(x, y, parent)
			if !below {
				continue
			}
			if left != (j < i) {
				return false
			}
			for k := min(i, j) + 1; k < max(i, j); k++ {
				if l, b := side(x, order[k], parent); !b || l != left {
					return false
				}
			}
		}
	}
	return whole(order, parent)
}

// side is where y is below x; false if it is not.
func side(x, y string, parent func(string) (string, bool)) (left, below bool) {
	for y != "" && y != x {
		y, left = parent(y)
	}
	return left, y == x && x != ""
}

// whole: what is below one node is in one piece, be the node there or not.
func whole(order []string, parent func(string) (string, bool)) bool {
	for _, x := range order {
		var at []int
		for j, y := range order {
			if _, below := side(x, y, parent); below || y == x {
				at = append(at, j)
			}
		}
		if len(at) > 0 && at[len(at)-1]-at[0] != len(at)-1 {
			return false
		}
	}
	return true
}

func permutations(all []string, visit func([]string)) {
	all = slices.Clone(all)
	var place func(int)
	place = func(i int) {
		if i == len(all) {
			visit(all)
			return
		}
		for j := i; j < len(all); j++ {
			all[i], all[j] = all[j], all[i]
			place(i + 1)
			all[i], all[j] = all[j], all[i]
		}
	}
	place(0)
}

// inserts are how many characters a history inserts.
func inserts(all []history.Operation) (n int) {
	for _, op := range all {
		if op.F == ops.Insert {
			n++
		}
	}
	return n
}
