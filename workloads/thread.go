package workloads

import (
	"math/rand/v2"

	"faultline/cluster"
	"faultline/cluster/ops"
)

// thread is what one client of a phase under load needs whose operations do not depend on what came of those before.
type thread struct {
	indifferent
	numbers
	draw *rand.Rand
}

func newThread(c Client) thread {
	return thread{numbers: newNumbers(c.Thread, c.Threads), draw: c.Draw}
}

// indifferent is the part of a Generator that is told how operations ended, for one that need not know.
type indifferent struct{}

// Done implements Generator.
func (indifferent) Done(cluster.Op, cluster.Outcome) {}

// readsOf are reads of all objects of a type.
func readsOf(object string, keys []string) []cluster.Op {
	var all []cluster.Op
	for _, key := range keys {
		all = append(all, cluster.Op{Object: object, F: ops.Read, Key: key})
	}
	return all
}
