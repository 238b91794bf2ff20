package gossip

import (
	"faultline"
	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
	"faultline/workloads"
)

func init() {
	faultline.RegisterWorkload(workloads.Info{
		Name: "gossip-adds", Doc: "clients add elements; in the end every node is asked for all", Ops: []string{"add", "read"},
		Open: func(workloads.Options) workloads.Workload { return adding{} },
	})
}

// adding is the workload.
type adding struct{}

// Phases implements workloads.Workload.
func (adding) Phases() []workloads.Phase {
	return []workloads.Phase{
		{When: workloads.During, Generator: func(c workloads.Client) workloads.Generator { return &adder{client: c} }},
		workloads.ReadNearEachNode(func() []cluster.Op { return []cluster.Op{{F: "read"}} }),
	}
}

// Checkers implements workloads.Workload.
func (adding) Checkers() []checker.Checker { return []checker.Checker{kept{}} }

// adder adds elements that nobody else adds.
type adder struct {
	client workloads.Client
	added  int64
}

// Next implements workloads.Generator.
func (a *adder) Next() (cluster.Op, bool) {
	a.added++
	return cluster.Op{F: "add", Value: history.IntValue(a.added*int64(a.client.Threads) + int64(a.client.Thread))}, true
}

// Done implements workloads.Generator.
func (*adder) Done(cluster.Op, cluster.Outcome) {}
