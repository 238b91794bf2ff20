// Package kinds registers all kinds of systems that come with Faultline. Whoever runs worlds imports it, for what its
// init does.
package kinds

import (
	"faultline/cluster"
	"faultline/cluster/primary"
	"faultline/cluster/raftkv/bugs"
)

func init() {
	cluster.Register(bugs.Kind())
	cluster.Register(primary.Kind())
}
