package txnkv

import (
	"faultline/cluster"
)

// bug is a planted bug: it takes the place of parts of each replica before that starts.
type bug struct {
	cluster.Bug
	plant func(*replica)
}

func planting(name string) func(*replica) {
	for _, b := range bugs {
		if b.Name == name {
			return b.plant
		}
	}
	return nil
}

var bugs = []bug{}
