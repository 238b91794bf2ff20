package world

import (
	"fmt"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/history"
	"faultline/workloads"
)

// pressure is what the nemesis adds to the load of a test. It implements cluster.Load. It has its own generators, so
// a test without it is unchanged.
type pressure struct {
	test *test

	// The test's mu guards these.
	factor  float64 // by which the rate of operations is multiplied
	padding int     // bytes
	crowd   *crowd  // the slow clients; nil for none
	slow    int     // how many slow clients there were

	leaving sync.WaitGroup // slow clients
}

var _ cluster.Load = (*pressure)(nil)

func newPressure(t *test) *pressure { return &pressure{test: t, factor: 1} }

// Burst is a part of cluster.Load. A client notices when it begins its next wait for an operation.
func (p *pressure) Burst(factor float64) {
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	p.factor = factor
}

// HotKey is a part of cluster.Load. The workload decides which key it is; a workload without keys ignores it.
func (p *pressure) HotKey(share float64) {
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	if w, ok := p.test.workload.(workloads.HotKeyed); ok {
		w.HotKey(share)
	}
}

// LargeValues is a part of cluster.Load.
func (p *pressure) LargeValues(bytes int) {
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	p.padding = bytes
}

// SlowClients is a part of cluster.Load. Earlier slow clients leave once they have their answers.
func (p *pressure) SlowClients(count int, pace time.Duration) {
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	p.crowd = &crowd{pressure: p, pace: pace}
	for range count {
		n, c := p.slow, p.crowd
		p.slow++
		p.leaving.Go(func() { c.work(n) })
	}
}

// wait is how long a client waits that would wait for so long without a burst.
func (p *pressure) wait(usual float64) time.Duration {
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	return time.Duration(usual / p.factor)
}

// next is the operation to do now, as large as it is to be; false if there is none left.
func (p *pressure) next(ops workloads.Generator) (cluster.Op, bool) {
	p.test.mu.Lock()
	defer p.test.mu.Unlock()
	op, ok := ops.Next()
	op.Padding = p.padding
	return op, ok
}

// crowd are slow clients that came together and go together.
//
// They are no processes of the history, and probe the system with what no workload does. What they do to the store is done
// by their connections and half-sent requests, whatever these say. As processes they would be under way for
// seconds with each operation, side by side on every key: that allows nearly any order, and makes it hard to find
// one. And as linearizability is decided key by key, what happens on theirs takes nothing away from the verdict.
type crowd struct {
	pressure *pressure
	pace     time.Duration
}

// work is one slow client: it probes the system, and thinks in between, with its connections open.
func (c *crowd) work(n int) {
	t := c.pressure.test
	draw := generator(t.spec.Seed, fmt.Sprintf("slow client %d", n))
	client := t.open(n, nobody)
	defer func() { client.Close() }() // the one it has by then
	for {
		think := time.Duration(draw.ExpFloat64() * float64(c.pace))
		if !t.sleep(think) || !c.stays() {
			return
		}
		op := t.kind.Probe(draw)
		op.Pace = c.pace
		if client.Do(op).Type == history.Info { // then it must not be asked again
			client.Close()
			client = t.open(n, nobody)
		}
	}
}

func (c *crowd) stays() bool {
	t := c.pressure.test
	t.mu.Lock()
	defer t.mu.Unlock()
	return c.pressure.crowd == c
}
