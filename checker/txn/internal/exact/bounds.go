package exact

import (
	"unsafe"

	"faultline/checker"
	"faultline/internal/timebound"
)

// bounds are what is left of the bounds of a search.
type bounds struct {
	steps int64 // left to be made
	bytes int64 // that choices take
	stop  <-chan struct{}
	limit int64 // of bytes
	met   checker.Bound
}

// What choices, edges and clauses take: a choice while it is collected, and in a solver with its values, its place in the queue and its watches.
const (
	choiceBytes = 2 * int64(unsafe.Sizeof(choice{}))
	solverBytes = choiceBytes + 96
	edgeBytes   = int64(unsafe.Sizeof(edge{}))
	clauseBytes = 32 // and its literals
)

// left is how many steps are left to be made: none when another bound is met.
func (p *problem) left() int64 {
	if timebound.Closed(p.stop) {
		p.steps = min(p.steps, 0)
	}
	edges := 0
	if p.graph != nil {
		edges = cap(p.graph.edges)
	}
	if p.bytes+int64(edges)*edgeBytes > p.limit {
		p.steps, p.met = min(p.steps, 0), checker.MemoryBound
	}
	return p.steps
}

// reserve makes room for so many things, and tells whether there are steps left then.
func (p *problem) reserve(n, bytesEach int64) bool {
	p.bytes += n * bytesEach
	return p.left() > 0
}
