package workloads

import (
	"fmt"
	"slices"
)

// renewed are the objects of a workload that gives some of them up, as it is not known what may still happen to them. Another
// takes the place of each.
type renewed struct {
	prefix string   // of the names
	inUse  []string // by name
	count  int      // of all that were ever in use
}

// newRenewed has as many objects in use as the options say.
func newRenewed(prefix string, o Options) renewed {
	r := renewed{prefix: prefix}
	for range keyNames(o) {
		r.inUse = append(r.inUse, r.create())
	}
	return r
}

func (r *renewed) create() string {
	r.count++
	return r.name(r.count)
}

func (r *renewed) name(n int) string { return fmt.Sprintf("%s%d", r.prefix, n) }

// giveUp has other objects take the place of these.
func (r *renewed) giveUp(names ...string) {
	for i, name := range r.inUse {
		if slices.Contains(names, name) {
			r.inUse[i] = r.create()
		}
	}
}

// all are the objects that were ever in use.
func (r *renewed) all() []string {
	var names []string
	for n := range r.count {
		names = append(names, r.name(n+1))
	}
	return names
}
