package txnkv

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"faultline/cluster/sim/rpc"
	"faultline/cluster/txnkv/locks"
	"faultline/history"
)

// Transactions that wait for each other on several shards are in a deadlock that no lock table sees. So who has waited for a while asks the leaders of
// the other shards who waits for whom there, and puts the answers together, as CockroachDB's waiters and Citus do. (To send a probe along each edge,
// as Chandy, Misra and Haas (1983) have it, would take a node that knows where a transaction waits.) All that are in a circle go on waiting
// until it is broken, so each of them finds it, and the youngest dies. The answers are not of one moment: somebody may have given up meanwhile, and one
// dies without need. That costs an abort, and no more.

// waitsFor is that a transaction waits for another one.
type waitsFor struct {
	Waiting id `json:"w"`
	For     id `json:"f"`
}

// circleAfter is how long a transaction waits before it looks for a circle, and how often.
const circleAfter = 50 * time.Millisecond

// watch looks for circles as long as a wait lasts.
func (e *engine) watch(w *locks.Wait) {
	for e.Process.Sleep(circleAfter) {
		select {
		case <-w.Done:
			return
		default:
			e.breakCircle(w)
		}
	}
}

// breakCircle ends a wait if the transaction is the youngest of a circle.
func (e *engine) breakCircle(w *locks.Wait) {
	edges := e.edges()
	for shard := range e.system.shards {
		if shard == e.shard {
			continue
		}
		if a, out := e.colleagues.ask(shard, asksWaits, request{}); out.Type == history.OK {
			edges = append(edges, a.Edges...)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	self := e.begun[w.Owner-1]
	circle := circleOf(self, edges)
	if circle == nil || slices.MaxFunc(circle, byAge) != self {
		return
	}
	var names []string
	for _, i := range append(circle, self) {
		names = append(names, i.String())
	}
	e.locks.Deny(w, &deadlock{strings.Join(names, " waits for ")})
}

// edges are who waits for whom on this shard.
func (e *engine) edges() []waitsFor {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []waitsFor
	for _, w := range e.locks.Waiting() {
		for _, o := range e.locks.Blockers(w) {
			all = append(all, waitsFor{e.begun[w.Owner-1], e.begun[o-1]})
		}
	}
	return all
}

// tellWaits answers who waits for whom.
func (e *engine) tellWaits() rpc.Response {
	return rpc.Answer(e.term, "who waits", answer{Edges: e.edges()})
}

// byAge puts younger transactions behind older ones, as far as their clients tell.
func byAge(a, b id) int {
	return cmp.Or(cmp.Compare(a.Serial, b.Serial), cmp.Compare(a.Client, b.Client))
}

// circleOf is a circle of transactions that wait for each other, from one on; nil if it is in none.
func circleOf(self id, edges []waitsFor) []id {
	visited := map[id]bool{}
	var walk func(path []id) []id
	walk = func(path []id) []id {
		for _, e := range edges {
			switch {
			case e.Waiting != path[len(path)-1]:
			case e.For == self:
				return path
			case !visited[e.For]:
				visited[e.For] = true
				if found := walk(append(path, e.For)); found != nil {
					return found
				}
			}
		}
		return nil
	}
	return walk([]id{self})
}
