package workloads

import (
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// nodeReader broadcasts at a node, and reads on from where it was in a list that the node has.
type nodeReader struct {
	numbers
	client Client
	f      string // how the list is read
	read   int64
}

// shareOfBroadcasts is the share of broadcasts in all operations; the rest are reads.
const shareOfBroadcasts = 0.5

func (t *nodeReader) Next() (cluster.Op, bool) {
	if t.client.Draw.Float64() < shareOfBroadcasts {
		return cluster.Op{F: ops.Broadcast, Value: history.IntValue(t.unique())}, true
	}
	return cluster.Op{F: t.f, Value: history.IntValue(t.read)}, true
}

func (t *nodeReader) Done(op cluster.Op, out cluster.Outcome) {
	if all, ok := out.Value.List(); ok && op.F == t.f && out.Type == history.OK {
		t.read += int64(len(all))
	}
}

// readNodesInTheEnd is a phase in which one client near every node reads all of a list that the node has.
func readNodesInTheEnd(f string) Phase {
	return Phase{When: After, Generator: func(c Client) Generator {
		if c.Thread > 0 {
			return nil
		}
		return &untilRead{f: f}
	}}
}

// untilRead reads a list from its beginning. It tries again some times if the node does not answer.
type untilRead struct {
	f      string
	failed int
	done   bool
}

func (r *untilRead) Next() (cluster.Op, bool) {
	return cluster.Op{F: r.f, Value: history.IntValue(0)}, !r.done && r.failed < failedMost
}

func (r *untilRead) Done(_ cluster.Op, out cluster.Outcome) {
	r.done = out.Type == history.OK
	if !r.done {
		r.failed++
	}
}
