package commitlog

import "slices"

// metadata is what the controller has decided: the state of a state machine. Nodes that apply the same decisions have the same state.
type metadata struct {
	Brokers    map[string]registration `json:"brokers"`
	Partitions []assignment            `json:"partitions"` // in the order in which they were made

	nodes []string
	// elect chooses among brokers that live; a planted bug can take its place.
	elect func(m *metadata, a *assignment)
}

// registration is what is known of the process of a broker.
type registration struct {
	Process int  `json:"process"`
	Fenced  bool `json:"fenced"` // the controller has not heard from it for long: it leads nothing, and is not in sync
}

// assignment is the leader of a partition, and its in-sync replicas.
type assignment struct {
	Partition string   `json:"partition"`
	Leader    string   `json:"leader"` // empty while no in-sync replica lives
	Epoch     uint64   `json:"epoch"`  // of the leader
	InSync    []string `json:"in_sync"`
	Version   uint64   `json:"version"` // of all this; a leader that wants to change the in-sync replicas says which version it has seen
}

// decision is an entry in the controller's log.
type decision struct {
	Kind string `json:"kind"`
	// Registers and fences are about a process of a node.
	Node    string `json:"node,omitempty"`
	Process int    `json:"process,omitempty"`
	// Creates and alters are about a partition.
	Partition string   `json:"partition,omitempty"`
	Epoch     uint64   `json:"epoch,omitempty"`
	Version   uint64   `json:"version,omitempty"`
	InSync    []string `json:"in_sync,omitempty"`
}

// The kinds of decisions.
const (
	registers = "register" // a process of a broker has started, or is heard again
	fences    = "fence"    // a process has not been heard for long
	creates   = "create"   // somebody asks for a partition that there is not
	alters    = "alter"    // a leader says who is in sync
)

func newMetadata(nodes []string, elect func(*metadata, *assignment)) metadata {
	return metadata{Brokers: map[string]registration{}, nodes: nodes, elect: elect}
}

// apply carries out a decision, and reports whether anything has changed.
func (m *metadata) apply(d decision) bool {
	switch d.Kind {
	case registers:
		return m.register(d.Node, d.Process)
	case fences:
		return m.fence(d.Node, d.Process)
	case creates:
		return m.create(d.Partition)
	default:
		return m.alter(d)
	}
}

// register takes a process into service. Where an earlier process of the node led, there is an election: the new one has forgotten how
// far the followers are.
func (m *metadata) register(node string, process int) bool {
	now, known := m.Brokers[node]
	if known && (process < now.Process || process == now.Process && !now.Fenced) {
		return false
	}
	m.Brokers[node] = registration{Process: process}
	for i := range m.Partitions {
		if a := &m.Partitions[i]; a.Leader == node || a.Leader == "" {
			m.elect(m, a)
		}
	}
	return true
}

// fence takes a process out of service. The last in-sync replica stays it: nobody else is known to have everything.
func (m *metadata) fence(node string, process int) bool {
	if now := m.Brokers[node]; now.Process != process || now.Fenced {
		return false
	}
	m.Brokers[node] = registration{Process: process, Fenced: true}
	for i := range m.Partitions {
		switch a := &m.Partitions[i]; {
		case a.Leader == node:
			m.elect(m, a)
		case slices.Contains(a.InSync, node) && len(a.InSync) > 1:
			a.InSync = slices.DeleteFunc(slices.Clone(a.InSync), func(n string) bool { return n == node })
			a.Version++
		}
	}
	return true
}

// create makes a partition, whose replicas are all empty and so in sync. Its leader is the next node in turn that lives.
func (m *metadata) create(partition string) bool {
	if m.of(partition) != nil {
		return false
	}
	turn := len(m.Partitions) % len(m.nodes)
	a := assignment{Partition: partition, InSync: slices.Concat(m.nodes[turn:], m.nodes[:turn])}
	m.elect(m, &a)
	m.Partitions = append(m.Partitions, a)
	return true
}

// alter lets a leader say who is in sync, if it has seen all that was decided of the partition. It is so itself, and all whom it names live.
func (m *metadata) alter(d decision) bool {
	a := m.of(d.Partition)
	if a == nil || a.Leader != d.Node || a.Epoch != d.Epoch || a.Version != d.Version {
		return false
	}
	if !slices.Contains(d.InSync, d.Node) || len(m.living(d.InSync)) < len(d.InSync) {
		return false
	}
	a.InSync = d.InSync
	a.Version++
	return true
}

func (m *metadata) of(partition string) *assignment {
	i := slices.IndexFunc(m.Partitions, func(a assignment) bool { return a.Partition == partition })
	if i < 0 {
		return nil
	}
	return &m.Partitions[i]
}

// alive reports whether a process of the node is registered and heard.
func (m *metadata) alive(node string) bool {
	b, known := m.Brokers[node]
	return known && !b.Fenced
}

// cleanly elects the first of the in-sync replicas that live. If none does there is no leader until one returns.
func cleanly(m *metadata, a *assignment) {
	a.Epoch++
	a.Version++
	a.Leader = ""
	if living := m.living(a.InSync); len(living) > 0 {
		a.Leader, a.InSync = living[0], living
	}
}

// uncleanly does so too, and elects anybody who lives rather than nobody: availability before durability.
func uncleanly(m *metadata, a *assignment) {
	cleanly(m, a)
	if living := m.living(m.nodes); a.Leader == "" && len(living) > 0 {
		a.Leader, a.InSync = living[0], living[:1]
	}
}

// living are those of some nodes that live.
func (m *metadata) living(nodes []string) []string {
	return slices.DeleteFunc(slices.Clone(nodes), func(n string) bool { return !m.alive(n) })
}
