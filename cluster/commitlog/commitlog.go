// Package commitlog is a partitioned, replicated log, in the design of Kafka: Kreps, Narkhede and Rao, Kafka: a Distributed Messaging
// System for Log Processing (2011), with the replication of its later versions (KIP-101, KIP-497, KIP-595). It is what Kleppmann and
// Riccomini call a log-based message broker (Designing Data-Intensive Applications, 2nd edition, chapter 12).
//
// Each key is a partition, and each node has a replica of every one. A partition has a leader, which appends what producers send, and
// followers, which fetch from it as consumers do. Those that keep up are the in-sync replicas. What all in-sync replicas have is
// committed: it is below the high watermark, and only that is shown to consumers. When the leader fails one of the in-sync replicas
// takes its place. So f+1 replicas survive f failures, where a majority quorum takes 2f+1; in exchange somebody else has to say who is in
// sync, and who leads.
//
// That is the controller, a state machine on Raft, as in KRaft (KIP-500): cluster/raftnode runs it on the same nodes. A decision counts
// once it is committed there, and each node obeys what it has applied. What is sound follows from three rules. A leader has an epoch of
// its own, and nobody obeys an earlier one; so at most one leader can commit anything. A leader counts everybody who is in sync, or whom
// it has asked the controller to call so, before it commits. And the controller elects nobody else, unless the mode allows unclean elections.
//
// On the log stand groups of consumers, whose members process its records and say how far they are (group.go, worker.go), and views that are
// derived from it (view.go). The modes at-most-once, at-least-once and dual-writes differ in nothing but these.
//
// What is sent to several partitions is a transaction (KIP-98, with what KIP-447 and KIP-890 mended): a coordinator decides what becomes of it by a
// record in a log of its own (transaction.go, coordinator.go), partitions have markers, and consumers stop where nothing is decided
// (isolation.go).
//
// What a node must not forget is synced before anybody is told. Kafka by default leaves that to replication. Nothing is ever deleted, as
// a test takes minutes.
package commitlog

import (
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim/rpc"
)

// system is a cluster of brokers.
type system struct {
	*raftnode.Cluster
	config *Config
	mode   mode
	plant  func(*broker) // plants a bug of brokers, if there is one
}

var _ cluster.Replicas = (*system)(nil)

// port is where brokers answer each other and clients.
const port = "9092"

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: func(*broker) {}}
	bugs.Planting(env.Bug)(s)
	var err error
	s.Cluster, err = raftnode.New(s.config.Raft, rpc.Machines(env, s.config.Hardware, s.boot, crashPoints, port))
	return s, err
}

// Faults are those of every machine, but of its clock: nothing here goes by it. What is handed over is the part of the controller. Nobody
// changes which nodes there are.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership, f.Clocks, f.Members = s, nil, nil
	return f
}

// Leader names the node that leads the oldest partition of clients, as far as any node knows. It is of partitions that faults are to hit the
// leader; the controller leads none.
func (s *system) Leader() (node string, ok bool) {
	highest := uint64(0)
	for _, name := range s.Nodes() {
		if b := s.broker(name); b != nil {
			if leader, epoch := b.oldest(); epoch > highest {
				node, highest = leader, epoch
			}
		}
	}
	return node, node != ""
}

// Behind names the nodes that lack a decision of the controller, or something that the leader of a partition has, or are not in sync.
func (s *system) Behind() (names []string) {
	names = s.Cluster.Behind()
	for _, node := range s.Nodes() {
		if b := s.broker(node); b != nil && !slices.Contains(names, node) && !s.caughtUp(b) {
			names = append(names, node)
		}
	}
	return names
}

// caughtUp reports whether a broker's replicas are what those of their leaders are.
func (s *system) caughtUp(b *broker) bool {
	return !slices.ContainsFunc(b.assignments(), func(a assignment) bool {
		leader := s.broker(a.Leader)
		return leader == nil || !slices.Contains(a.InSync, b.name()) || leader.standing(a.Partition) != b.standing(a.Partition)
	})
}

// broker is what runs on a node; nil while it is down, or if there is no such node.
func (s *system) broker(node string) *broker {
	b, _ := s.Program(node).(*broker)
	return b
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return &client{system: s, host: s.Client(id), near: near, producer: uint64(id) + 1,
		leaders: map[string]*rpc.Client{}, sequences: map[string]uint64{}, found: map[string]bool{},
		within: within{id: fmt.Sprintf("app-%d", id%applications)}}
}

// standing is what replicas that agree have in common.
func (b *broker) standing(partition string) string {
	b.Lock()
	defer b.Unlock()
	r := b.replica(partition)
	if r == nil {
		return "nothing"
	}
	return fmt.Sprintf("epoch %d, log %v, high watermark %d", r.epoch, r.log.End(), r.high)
}
