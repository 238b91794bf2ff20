package registers

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/scc"
	"faultline/checker/txn/models"
)

// extended adds orders to those that are known, which have no circles, and leaves out what closes one. Of each circle it keeps an example
// for the report.
func (v *Versions) extended(key int32, level models.Level, known, added []Order) []Order {
	if len(added) == 0 {
		return known
	}
	orders := distinct(slices.Concat(known, added))
	component, circles := components(orders)
	if !circles {
		return orders
	}
	reported := map[int32]bool{}
	kept := orders[:0:0]
	for i, o := range orders {
		c := component(o.From)
		circular := c == component(o.To)
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

// outgoing are the orders from a version.
func outgoing(orders []Order, version int32) []Order {
	from, _ := slices.BinarySearchFunc(orders, version, func(o Order, version int32) int { return int(o.From) - int(version) })
	to := from
	for to < len(orders) && orders[to].From == version {
		to++
	}
	return orders[from:to]
}

// components tells the strongly connected component of each version, and whether there are circles at all.
func components(orders []Order) (of func(version int32) int32, circles bool) {
	var versions []int32
	for _, o := range orders {
		versions = append(versions, o.From, o.To)
	}
	slices.Sort(versions)
	versions = slices.Compact(versions)
	place := func(version int32) int32 {
		i, _ := slices.BinarySearch(versions, version)
		return int32(i)
	}
	begin, later := make([]int32, len(versions)+1), make([]int32, len(orders)) // the orders from a version follow each other
	from := 0
	for i, o := range orders {
		for versions[from] != o.From {
			from++
			begin[from] = int32(i)
		}
		later[i] = place(o.To)
	}
	for from++; from <= len(versions); from++ {
		begin[from] = int32(len(orders))
	}
	component := make([]int32, len(versions))
	count := int32(0)
	successors := func(node int32, to []int32) []int32 { return append(to, later[begin[node]:begin[node+1]]...) }
	scc.Each(len(versions), successors, func(nodes []int32) {
		for _, node := range nodes {
			component[node] = count
		}
		count++
	})
	return func(version int32) int32 { return component[place(version)] }, int(count) < len(versions)
}

// shortest is a shortest circle that begins with an order, within its component: breadth first.
func shortest(orders []Order, begin int, component func(version int32) int32) []Order {
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
			if _, seen := by[o.To]; !seen && component(o.To) == component(first.From) {
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
