package raftkv

import (
	"slices"
	"sync/atomic"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/raftnode"
)

// Parts are decorators around the parts that a node is made of. Each is handed the real part and returns
// what takes its place; a nil field leaves the part as it is. They are how a bug is planted in a cluster
// that knows nothing of bugs.
//
// A decorator is called for each incarnation of each node, so that what it keeps in memory is lost in a
// crash. It owes the world what all code in it does: no wait in virtual time under a mutex, no randomness
// of its own.
type Parts struct {
	// Config changes the settings, raft's own and the store's.
	Config func(*Config)

	FSM    func(*Node, FSM) raft.FSM
	Logs   func(*Node, raft.LogStore) raft.LogStore
	Stable func(*Node, raft.StableStore) raft.StableStore

	// Read is how a node serves reads, at every level but log.
	Read func(*Node, Read) Read
	// Write is how a node replicates commands: those of clients, and the first of a new leader, OpNoop.
	Write func(*Node, Write) Write
	// Quorum says how many of the voters, the leader included, must confirm a leader for a read.
	Quorum func(voters int) int

	Client func(cluster.Client) cluster.Client
}

// Read serves a request whose command changes nothing. The request is the node's again when Read returns.
type Read func(*Request) (Result, error)

// Write has raft replicate a command and returns its result. The command is the node's again when Write returns.
type Write func(*Command) (Result, error)

// The parts' own words, for decorators.
type (
	Request = request
	Command = command
	Result  = result
	State   = state
)

const (
	OpNoop  = opNoop
	OpGet   = opGet
	OpPut   = opPut
	OpCAS   = opCAS
	OpCall  = opCall
	OpQuery = opQuery
)

// DecodeCommand reads the command in an entry; false if it holds none.
func DecodeCommand(l *raft.Log) (Command, bool) {
	if l.Type != raft.LogCommand {
		return Command{}, false
	}
	c, err := decodeCommand(l.Data)
	return c, err == nil
}

// EncodeCommand returns the entry with another command in it. The entry itself is shared and stays.
func EncodeCommand(l *raft.Log, c Command) *raft.Log {
	other := *l
	other.Data = c.encode()
	return &other
}

// FSM is the state machine. Its snapshots are Images.
type FSM interface {
	raft.FSM
	raft.ConfigurationStore
	// Change changes the state past the log, in one step.
	Change(func(*State))
	// Skip counts an entry as applied that was not.
	Skip(index uint64)
}

// Image is a snapshot before it is stored.
type Image interface {
	raft.FSMSnapshot
	Change(func(*State))
}

// Change implements FSM.
func (m *machine) Change(f func(*State)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.state)
}

// Skip implements FSM.
func (m *machine) Skip(index uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(index)
}

// Change implements Image. Only before Persist.
func (i *image) Change(f func(*State)) { f(&i.state) }

// Values is the map of keys to values itself.
func (s *state) Values() map[string]string { return s.values }

// Objects are the objects themselves.
func (s *state) Objects() objects.State { return s.objects }

// SetSessions replaces the table of sessions by a copy of another state's.
func (s *state) SetSessions(from *State) {
	s.sessions = slices.Clone(from.sessions)
}

// ForgetSessions empties the table of sessions.
func (s *state) ForgetSessions() { s.sessions = nil }

// Holds reports whether a value was found and is this one, whatever its padding.
func (r *result) Holds(value string) bool { return r.Present && cluster.Unpad(r.Value) == value }

// Node is an incarnation of a node, as a decorator sees it.
type Node struct {
	replica *replica
	raft    atomic.Pointer[raft.Raft] // nil while raft starts
}

// FSM returns the state machine itself.
func (n *Node) FSM() FSM { return n.replica.machine }

// Logs returns the log store itself.
func (n *Node) Logs() raft.LogStore { return n.replica.Store }

// UnsyncedLogs returns the log store without its syncs.
func (n *Node) UnsyncedLogs() raft.LogStore { return n.replica.Store.Unsynced() }

// Local answers a command that changes nothing from the node's own state, whoever leads.
func (n *Node) Local(c *Command) Result { return n.replica.machine.read(c) }

// Raft returns the node's raft; nil while it starts.
func (n *Node) Raft() *raft.Raft { return n.raft.Load() }

// Leads reports whether raft believes that this node leads.
func (n *Node) Leads() bool {
	r := n.raft.Load()
	return r != nil && r.State() == raft.Leader
}

// Ready returns the term in which this node leads and has committed a command; 0 if it does not. Valid
// once the node serves.
func (n *Node) Ready() uint64 { return n.replica.Ready() }

// Confirm reports whether a quorum says to a question asked now that it knows of no term later than the
// given one. Valid once the node serves.
func (n *Node) Confirm(term uint64) bool { return n.replica.server.confirm.Majority(term) }

// decorate puts a replica's decorated parts in the place of those that it has, before raft starts. It returns what the
// decorators know the replica by.
func (p *Parts) decorate(r *replica, parts *raftnode.Parts) *Node {
	if p == nil {
		return nil
	}
	n := &Node{replica: r}
	if p.FSM != nil {
		parts.FSM = p.FSM(n, r.machine)
	}
	if p.Logs != nil {
		parts.Logs = p.Logs(n, parts.Logs)
	}
	if p.Stable != nil {
		parts.Stable = p.Stable(n, parts.Stable)
	}
	return n
}

// serve decorates the server of a replica whose raft has started.
func (p *Parts) serve(n *Node) {
	if p == nil {
		return
	}
	r := n.replica
	n.raft.Store(r.Raft)
	if p.Read != nil && r.server.level.read != nil {
		r.server.read = p.Read(n, func(q *Request) (Result, error) { return r.server.level.read(r.server, q) })
	}
	if p.Write != nil {
		r.server.write = p.Write(n, r.server.replicate)
	}
	if p.Quorum != nil {
		r.server.confirm.Quorum = p.Quorum
	}
}

func (s *server) doRead(r *request) (result, error) {
	if s.read != nil {
		return s.read(r)
	}
	return s.level.read(s, r)
}

func (s *server) doWrite(c *command) (result, error) {
	if s.write != nil {
		return s.write(c)
	}
	return s.replicate(c)
}
