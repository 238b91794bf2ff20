package broadcast

import (
	"faultline/cluster"
	"faultline/cluster/logical"
)

// bug is a planted bug: it takes the place of parts of each node's broadcast before that starts.
type bug struct {
	cluster.Bug
	plant func(*Broadcast)
}

func planting(name string) func(*Broadcast) {
	for _, b := range bugs {
		if b.Name == name {
			return b.plant
		}
	}
	return nil
}

const bugsFile = "cluster/broadcast/bugs.go"

var bugs = []bug{
	{cluster.Bug{Name: "amnesic-filter", File: bugsFile, Mode: "reliable", Canary: true,
		Summary: "which messages a node has received is in its memory only",
		Why:     "what is sent again after a restart is delivered again, as if the table of what a client has asked for were not part of the replicated state"},
		amnesicFilter},
}

func amnesicFilter(b *Broadcast) {
	since := newIndex()
	known := since.includes
	b.knew = func(id logical.Dot) bool {
		if known(id) {
			return true
		}
		since.others[id] = true
		return false
	}
}
