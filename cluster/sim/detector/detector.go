// Package detector tells by the silence of nodes that they may have failed. It is an unreliable failure detector (Chandra and Toueg
// 1996), as any is in a network without bounds: a node that is slow, paused or cut off is suspected too, and may go on as if nothing had
// happened. A design must be safe whatever its detector says.
package detector

import "time"

// Detector suspects whoever was not heard for a while, on the machine's monotonic clock. It does not lock.
type Detector struct {
	nodes []string
	after time.Duration
	heard map[string]time.Time // when each node last gave a sign of life
}

// New returns a detector of nodes that has just heard all of them, and suspects them after so long a silence.
func New(nodes []string, after time.Duration) *Detector {
	d := &Detector{nodes: nodes, after: after, heard: map[string]time.Time{}}
	d.HearAll()
	return d
}

// Hear notes a sign of life of a node.
func (d *Detector) Hear(node string) { d.heard[node] = time.Now() }

// HearAll gives all nodes time for a sign of life.
func (d *Detector) HearAll() {
	for _, node := range d.nodes {
		d.Hear(node)
	}
}

// Silence is how long a node was not heard.
func (d *Detector) Silence(node string) time.Duration { return time.Since(d.heard[node]) }

// Suspects reports whether a node may have failed.
func (d *Detector) Suspects(node string) bool { return d.Silence(node) > d.after }
