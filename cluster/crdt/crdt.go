// Package crdt is a store of replicated data types on the simulated machines of cluster/sim (Shapiro, Preguiça, Baquero and Zawirski 2011; Kleppmann,
// Distributed Systems, lecture 8). Every node has all objects. It answers a client from what it has, without asking anybody, and tells the others
// later. So it serves in any partition, down to a node alone; and as updates commute, nobody has to agree on an order.
//
// What the nodes tell each other is the mode: the states of objects that have changed, joins of deltas, or the updates themselves by causal
// broadcast. What a node has told anybody, a client or another node, is synced before.
//
// A client names its updates and says what it has seen, see package ops. A node that lacks some of that refuses, so that a client that goes
// to another node still reads what it has written, and never reads less than before. An update that is made twice, at one node or at two, has
// the effect of one. So a client that does not know what became of it asks again.
package crdt

import (
	"maps"
	"slices"

	"faultline/cluster"
	"faultline/cluster/broadcast"
	"faultline/cluster/logical"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// system is the replicas.
type system struct {
	*sim.Cluster
	config *Config
	mode   mode
	plant  func(*replica) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

const port = "7000" // where nodes answer clients, and each other

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	var err error
	s.Cluster, err = sim.New(rpc.Machines(env, s.config.Hardware, s.boot, crashPoints, port, broadcast.Port))
	return s, err
}

// Faults are those of every machine, but of its clock: nothing here goes by it. Nobody leads.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership, f.Clocks = nil, nil
	return f
}

// Behind names the running nodes that lack an update which another one has.
func (s *system) Behind() (names []string) {
	all := map[string]logical.Vector{}
	have := map[string]map[string]logical.Vector{}
	for _, node := range s.Nodes() {
		r, _ := s.Program(node).(*replica)
		if r == nil {
			continue
		}
		have[node] = r.versions()
		for key, v := range have[node] {
			all[key] = all[key].Clone()
			all[key].Merge(v)
		}
	}
	for _, node := range slices.Sorted(maps.Keys(have)) {
		for key, v := range all {
			if !have[node][key].Contains(v) {
				names = append(names, node)
				break
			}
		}
	}
	return names
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return client{rpc.NewClient(s.Client(id), port, s.Nodes(), near, s.config.Client)}
}
