package raftkv

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"faultline/cluster/report"
)

// sampleEach is how often it is noted how far the nodes are.
const sampleEach = 200 * time.Millisecond

// progress is the record of how far each node was.
//
// Whoever writes to the network first when a sample is due takes it. A goroutine that slept until then would be one
// more timer and one more turn of the scheduler, each of which draws from the runtime's generators: it would change what
// it looks at. While nobody writes anything no node gets any further.
type progress struct {
	due atomic.Int64 // when the next sample is, on the clock of the test

	mu      sync.Mutex
	samples []report.Progress
}

// sample notes how far the nodes are that run, if that is due.
func (s *System) sample() {
	now, due := time.Since(s.track.start), s.progress.due.Load()
	next := now.Truncate(sampleEach) + sampleEach
	if int64(now) < due || !s.progress.due.CompareAndSwap(due, int64(next)) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.nodes {
		if n.live != nil {
			s.progress.add(n.live.progress(now, n.name))
		}
	}
}

// happened notes how far a node is at an event. What the remains of a dead one do is not noted, nor what a process does
// before it serves.
func (s *System) happened(n *node, inc *incarnation, event string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.live == inc {
		p := inc.progress(time.Since(s.track.start), n.name)
		p.Event = event
		s.progress.add(p)
	}
}

func (inc *incarnation) progress(now time.Duration, node string) report.Progress {
	return report.Progress{Time: now, Node: node, Last: inc.raft.LastIndex(), Commit: inc.raft.CommitIndex(),
		Applied: inc.machine.position(), Snapshot: inc.store.NewestSnapshot()}
}

func (p *progress) add(sample report.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = append(p.samples, sample)
}

func (p *progress) all() []report.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.samples)
}
