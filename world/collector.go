package world

import (
	"runtime"
	"runtime/metrics"
	"testing/synctest"

	"faultline/cluster/scheduler"
	"faultline/world/internal/settle"
)

// pace says when a world is collected: when it has allocated that many bytes since the last time, and that share of what was live then. A
// minute at the default load allocates less, and is never collected.
var pace = struct {
	bytes uint64
	share float64
}{128 << 20, 1}

// collector has the garbage of a world collected at the pace. When that is follows from what the world did, since bytes are counted exactly,
// and from an instant of the world on. In a program that is built with the overlay the runtime collects by itself.
type collector struct {
	begun     bool
	allocated uint64 // in all, when the last collection was over
	live      uint64 // what that left
}

// look begins a collection if it is time. It is called from inside the bubble, about once in a virtual second, and does not wait.
func (c *collector) look() {
	if scheduler.Built || c.begun && !c.near() {
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m) // an exact count: the world is stopped, and what is allocated by then all counted
	switch {
	case !c.begun: // what start-up allocates differs by some bytes
		c.begun, c.allocated = true, m.TotalAlloc
	case m.TotalAlloc-c.allocated >= c.due():
		go c.collect()
	}
}

// due is how many bytes are allocated between two collections.
func (c *collector) due() uint64 { return max(pace.bytes, uint64(pace.share*float64(c.live))) }

// uncounted is more than what a quick count leaves out: what was allocated in the spans that the allocator has at hand, one for each size.
const uncounted = 4 << 20

// near reports whether it may be time, by a quick count.
func (c *collector) near() bool {
	counted := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(counted)
	return counted[0].Value.Uint64()+uncounted >= c.allocated+c.due()
}

// collect collects once all others wait. Until it is done virtual time does not go on.
func (c *collector) collect() {
	synctest.Wait()
	settle.Collect()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	const unit = 1 << 20 // as what start-up has left differs by some bytes
	c.allocated, c.live = m.TotalAlloc, (m.HeapAlloc+unit-1)/unit*unit
}
