package workloads

import (
	"cmp"
	"fmt"
	"math/rand/v2"
)

// DefaultKeys is how many objects there are by default.
const DefaultKeys = 20

// keyNames are the names of the objects of a workload: k1, k2, …
func keyNames(o Options) []string {
	names := make([]string, cmp.Or(o.Keys, DefaultKeys))
	for i := range names {
		names[i] = fmt.Sprintf("k%d", i+1)
	}
	return names
}

// shared are those of some names that one of several clients has to see to, by its number among them.
func shared(names []string, client, clients int) []string {
	var mine []string
	for i := client; i < len(names); i += clients {
		mine = append(mine, names[i])
	}
	return mine
}

// numbers yields the values that one thread writes: those that leave its number when divided by the number of
// threads. So no two threads write the same, and a read tells which write it saw.
type numbers struct{ next, threads int64 }

func newNumbers(thread, threads int) numbers {
	return numbers{next: int64(thread) + 1, threads: int64(threads)}
}

func (n *numbers) unique() int64 {
	v := n.next
	n.next += n.threads
	return v
}

// hotKey is the share of operations that go to the first object in addition to its share of the rest: the share of the
// options, or for a while a larger one.
type hotKey struct{ usual, now float64 }

// HotKey is HotKeyed.
func (h *hotKey) HotKey(share float64) { h.now = share }

// hot draws whether an operation goes to the first object for that reason. Where there is no such share it takes no draw.
func (h *hotKey) hot(draw *rand.Rand) bool {
	hot := max(h.usual, h.now)
	return hot > 0 && draw.Float64() < hot
}

// pick draws one of n objects. Without a hot one it takes a single draw.
func (h *hotKey) pick(draw *rand.Rand, n int) int {
	if h.hot(draw) {
		return 0
	}
	return draw.IntN(n)
}

// pickKey draws one of some names.
func (h *hotKey) pickKey(draw *rand.Rand, names []string) string {
	return names[h.pick(draw, len(names))]
}
