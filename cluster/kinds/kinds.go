// Package kinds registers all kinds of systems that come with Faultline. A program that runs worlds imports it for this
// side effect.
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
