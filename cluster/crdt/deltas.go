package crdt

import (
	"maps"
	"slices"
)

// deltas is what is owed where nodes send each other joins of deltas (Almeida, Shoker and Baquero 2018, algorithm 2). A node numbers the deltas
// that it has made or taken in, and sends another all that follow on those which it has acknowledged. So what a delta follows never comes after
// it. Where some of these are not kept any more, or the process has started anew, it sends all states.
type deltas struct {
	*replica
	kept  []change          // the last ones
	first uint64            // the number of the first that is kept
	acked map[string]uint64 // the number after which each node lacks deltas; below first if it may lack earlier ones too
}

// keptMost bounds how many deltas are kept for a node that does not answer.
const keptMost = 1000

func startDeltas(r *replica) (way, error) {
	return startGossip(r, &deltas{replica: r, first: 1, acked: map[string]uint64{}})
}

func (d *deltas) took(changes []change) {
	d.kept = append(d.kept, changes...)
	d.forget(max(0, len(d.kept)-keptMost))
}

// heard does nothing: what a node has is what it has acknowledged.
func (d *deltas) heard([]change, string) {}

func (d *deltas) forget(n int) {
	d.kept, d.first = d.kept[n:], d.first+uint64(n)
}

func (d *deltas) to(node string) ([]change, func(bool)) {
	last := d.first + uint64(len(d.kept))
	told := func(ok bool) {
		if ok {
			d.acked[node] = last
			d.forgetAcknowledged()
		}
	}
	if d.acked[node] < d.first {
		return d.all(), told
	}
	return joined(d.kept[d.acked[node]-d.first:]), told
}

// forgetAcknowledged drops the deltas that all nodes have.
func (d *deltas) forgetAcknowledged() {
	least := d.first + uint64(len(d.kept))
	for _, node := range d.Others() {
		least = min(least, d.acked[node])
	}
	if least > d.first {
		d.forget(int(least - d.first))
	}
}

// all are the states of all objects.
func (d *deltas) all() (changes []change) {
	for _, key := range slices.Sorted(maps.Keys(d.objects)) {
		changes = append(changes, change{key, d.objects[key]})
	}
	return changes
}

// joined are the joins of deltas, one for each object.
func joined(some []change) (changes []change) {
	at, several := map[string]int{}, map[string]bool{}
	for _, c := range some {
		i, there := at[c.Key]
		if !there {
			at[c.Key] = len(changes)
			changes = append(changes, c)
			continue
		}
		if !several[c.Key] { // what is kept stays as it is
			several[c.Key] = true
			changes[i].Object = changes[i].Object.Clone()
		}
		changes[i].Object.Join(c.Object)
	}
	return changes
}
