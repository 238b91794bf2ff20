// Package kinds registers all kinds of systems that come with Faultline, and those that a file describes. A program that runs worlds imports it for this
// side effect.
package kinds

import (
	"faultline/cluster"
	"faultline/cluster/broadcast"
	"faultline/cluster/byzantine"
	"faultline/cluster/chain"
	"faultline/cluster/commitlog"
	"faultline/cluster/crdt"
	"faultline/cluster/foreign"
	"faultline/cluster/multileader"
	"faultline/cluster/paxos"
	"faultline/cluster/primary"
	"faultline/cluster/quorum"
	"faultline/cluster/raftkv/bugs"
	"faultline/cluster/txnkv"
)

func init() {
	cluster.Register(bugs.Kind())
	cluster.Register(primary.Kind())
	cluster.Register(txnkv.Kind())
	cluster.Register(quorum.Kind())
	cluster.Register(multileader.Kind())
	cluster.Register(broadcast.Kind())
	cluster.Register(byzantine.Kind())
	cluster.Register(crdt.Kind())
	cluster.Register(paxos.Kind())
	cluster.Register(commitlog.Kind())
	cluster.Register(chain.Kind())
	cluster.RegisterDescriber(foreign.Describer{})
}
