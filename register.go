package faultline

import (
	"faultline/cluster"
	_ "faultline/cluster/kinds" // those that come with Faultline
	"faultline/workloads"
)

// Register makes a kind of system known by its name. It must be called from an init function, so that the process of a
// world knows it too. It panics if the kind is incomplete or its name is taken.
func Register(k cluster.Kind) { cluster.Register(k) }

// RegisterWorkload makes a workload known by its name, as Register does a kind.
func RegisterWorkload(w workloads.Info) { workloads.Register(w) }
