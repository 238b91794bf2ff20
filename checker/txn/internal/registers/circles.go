package registers

import (
	"cmp"
	"slices"

	"faultline/checker/txn/models"
)

// extended adds orders to those that are known, which have no circles, and leaves out what closes one. Of each circle it keeps an example
// for the report.
func (v *Versions) extended(key int32, level models.Level, known, added []Order) []Order {
	if len(added) == 0 {
		return known
	}
	orders := distinct(slices.Concat(known, added))
	if acyclic(orders) {
		return orders
	}
	component := components(orders)
	reported := map[int32]bool{}
	kept := orders[:0:0]
	for i, o := range orders {
		c := component[o.From]
		circular := c == component[o.To]
		if circular && !reported[c] {
			reported[c] = true
			v.Cyclic = append(v.Cyclic, Circle{key, level, shortest(orders, i, component)})
		}
		if _, before := slices.BinarySearchFunc(known, o, compareOrders); !circular || before {
			kept = append(kept, o)
		}
	}
	return kept
}

// compareOrders sorts orders by their versions.
func compareOrders(a, b Order) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}

// distinct leaves one order for each two versions, the first that there is.
func distinct(orders []Order) []Order {
	slices.SortStableFunc(orders, compareOrders)
	return slices.CompactFunc(orders, func(a, b Order) bool { return compareOrders(a, b) == 0 })
}

// acyclic reports whether versions can be put in order (Kahn 1962).
func acyclic(orders []Order) bool {
	var versions []int32
	for _, o := range orders {
		versions = append(versions, o.From, o.To)
	}
	slices.Sort(versions)
	versions = slices.Compact(versions)
	place := func(version int32) int {
		i, _ := slices.BinarySearch(versions, version)
		return i
	}
	waits := make([]int32, len(versions))
	for _, o := range orders {
		waits[place(o.To)]++
	}
	var ready []int32
	for i, n := range waits {
		if n == 0 {
			ready = append(ready, versions[i])
		}
	}
	taken := 0
	for ; len(ready) > 0; taken++ {
		version := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for _, o := range outgoing(orders, version) {
			to := place(o.To)
			if waits[to]--; waits[to] == 0 {
				ready = append(ready, o.To)
			}
		}
	}
	return taken == len(versions)
}

// outgoing are the orders from a version.
func outgoing(orders []Order, version int32) []Order {
	from, _ := slices.BinarySearchFunc(orders, version, func(o Order, version int32) int { return int(o.From) - int(version) })
	to := from
	for to < len(orders) && orders[to].From == version {
		to++
	}
	return orders[from:to]
}

// components numbers the strongly connected components of the versions (Tarjan 1972, without recursion).
func components(orders []Order) map[int32]int32 {
	type frame struct {
		version int32
		rest    []Order
	}
	component, index, low, open := map[int32]int32{}, map[int32]int32{}, map[int32]int32{}, []int32(nil)
	var call []frame
	begin := func(version int32) {
		index[version] = int32(len(index))
		low[version] = index[version]
		open = append(open, version)
		call = append(call, frame{version, outgoing(orders, version)})
	}
	end := func(version int32) {
		if low[version] != index[version] {
			return
		}
		for {
			w := open[len(open)-1]
			open = open[:len(open)-1]
			if component[w] = version; w == version {
				return
			}
		}
	}
	for _, o := range orders {
		if _, seen := index[o.From]; !seen {
			begin(o.From)
		}
		for len(call) > 0 {
			top := &call[len(call)-1]
			if len(top.rest) == 0 {
				version := top.version
				end(version)
				if call = call[:len(call)-1]; len(call) > 0 {
					parent := call[len(call)-1].version
					low[parent] = min(low[parent], low[version])
				}
				continue
			}
			next := top.rest[0].To
			top.rest = top.rest[1:]
			if _, seen := index[next]; !seen {
				begin(next)
			} else if _, done := component[next]; !done {
				low[top.version] = min(low[top.version], index[next])
			}
		}
	}
	return component
}

// shortest is a shortest circle that begins with an order, within its component: breadth first.
func shortest(orders []Order, begin int, component map[int32]int32) []Order {
	first := orders[begin]
	by := map[int32]Order{first.To: first}
	next := []int32{first.To}
	for len(next) > 0 {
		version := next[0]
		next = next[1:]
		if version == first.From {
			break
		}
		for _, o := range outgoing(orders, version) {
			if _, seen := by[o.To]; !seen && component[o.To] == component[first.From] {
				by[o.To] = o
				next = append(next, o.To)
			}
		}
	}
	circle := []Order{by[first.From]}
	for last := circle[0]; last != first; {
		last = by[last.From]
		circle = append(circle, last)
	}
	slices.Reverse(circle)
	return circle
}
