package graph

import (
	"faultline/checker/txn/models"
)

// naive finds cycles by going through all of them.
type naive struct {
	txns  int
	edges []Edge
}

// naiveOf has all edges of an input by themselves: those that hubs stand for, and the whole of each session and of real time.
func naiveOf(in *Input) *naive {
	n := &naive{txns: in.Txns()}
	for t := range int32(n.txns) {
		for _, a := range in.Out(t, nil) {
			for _, to := range behind(in, a.To, map[int32]bool{}) {
				n.edges = append(n.edges, Edge{t, to, a.Kind})
			}
		}
		for u := range int32(n.txns) {
			if t < u && in.Process[t] == in.Process[u] {
				n.edges = append(n.edges, Edge{t, u, Process})
			}
			if in.Returned[t] < in.Invoked[u] {
				n.edges = append(n.edges, Edge{t, u, Realtime})
			}
		}
	}
	return n
}

// behind are the transactions that an arc to a node leads to.
func behind(in *Input, node int32, been map[int32]bool) []int32 {
	if been[node] {
		return nil
	}
	been[node] = true
	if node < int32(in.Txns()) {
		return []int32{node}
	}
	var all []int32
	for _, a := range in.Out(node, nil) {
		all = append(all, behind(in, a.To, been)...)
	}
	return all
}

// connected has the number of a component for each transaction: the first transaction of it.
func (n *naive) connected(kinds Kinds) []int {
	reach := make([][]bool, n.txns)
	for t := range reach {
		reach[t] = make([]bool, n.txns)
		reach[t][t] = true
	}
	for _, e := range n.edges {
		if kinds.Has(e.Kind) {
			reach[e.From][e.To] = true
		}
	}
	for via := range reach {
		for from := range reach {
			for to := range reach {
				reach[from][to] = reach[from][to] || reach[from][via] && reach[via][to]
			}
		}
	}
	component := make([]int, n.txns)
	for t := range component {
		for u := t; u >= 0; u-- {
			if reach[t][u] && reach[u][t] {
				component[t] = u
			}
		}
	}
	return component
}

// found is how long a shortest cycle of a class is in the component of a transaction.
type found map[Class]map[int]int

// lengths goes through all cycles.
func (n *naive) lengths() found {
	lengths := found{}
	components := map[Kinds][]int{}
	for _, c := range Classes(models.Realtime) {
		lengths[c] = map[int]int{}
		if components[c.Kinds()] == nil {
			components[c.Kinds()] = n.connected(c.Kinds())
		}
	}
	on := make([]bool, n.txns)
	var path []Kind
	var walk func(start, at int32)
	walk = func(start, at int32) {
		for _, e := range n.edges {
			if e.From != at || e.To < start {
				continue
			}
			path = append(path, e.Kind)
			if e.To == start {
				for _, c := range classesOf(path) {
					component := components[c.Kinds()][start]
					if known, ok := lengths[c][component]; !ok || len(path) < known {
						lengths[c][component] = len(path)
					}
				}
			} else if !on[e.To] {
				on[e.To] = true
				walk(start, e.To)
				on[e.To] = false
			}
			path = path[:len(path)-1]
		}
	}
	for start := range int32(n.txns) {
		on[start] = true
		walk(start, start)
		on[start] = false
	}
	return lengths
}

// classesOf are the classes of a cycle, by their definitions.
func classesOf(kinds []Kind) []Class {
	count := map[Kind]int{}
	adjacent := false
	for i, k := range kinds {
		count[k]++
		after := kinds[(i+1)%len(kinds)]
		adjacent = adjacent || (k == RW || k == RWPredicate) && (after == RW || after == RWPredicate)
	}
	level := models.Data
	switch {
	case count[Process] > 0 && count[Realtime] > 0:
		return nil // a process's order is one of real time, so there is one without it
	case count[Process] > 0:
		level = models.Process
	case count[Realtime] > 0:
		level = models.Realtime
	}
	item := count[RWPredicate] == 0
	missed := count[RW] + count[RWPredicate]
	pick := func(itemBase, base Base) Base {
		if item {
			return itemBase
		}
		return base
	}
	switch {
	case missed == 1:
		return []Class{{pick(GSingleItem, GSingle), level}}
	case missed > 1 && adjacent:
		return []Class{{pick(G2Item, G2), level}}
	case missed > 1:
		all := []Class{{pick(GNonadjacentItem, GNonadjacent), level}}
		if len(kinds) == 4 && count[WR] == 2 && count[RW] == 2 {
			all = append(all, Class{LongFork, level})
		}
		return all
	case count[WR] > 0:
		return []Class{{G1c, level}}
	default:
		return []Class{{G0, level}}
	}
}
