// Package cluster says what can be tested. A System is a replicated store that can be started, used and
// subjected to faults; a Client is one connection to it. Anything that implements the two can be tested: the
// Raft KV of cluster/raftkv, another replication design, a store in another process.
//
// A System must report ok only for an operation that took effect between its call and its return, and fail only
// for one that never will; in doubt it reports info. It must be deterministic: given the same seed and the same
// calls at the same virtual times it behaves the same. The caller must not call Do again on a Client whose last
// operation ended in info, and must end all faults before Stop.
package cluster

import (
	"fmt"
	"time"

	"faultline/cluster/report"
	"faultline/history"
)

// System is a replicated store under test.
type System interface {
	// Start brings up all nodes from an empty state. It does not wait for a leader. The error is a *RefusedError if the system
	// can be tested with no seed at all.
	Start() error
	// Nodes names the nodes, in order.
	Nodes() []string
	// Open returns a client whose first choice is the named node. The id is unique in a test: a client
	// that takes the place of another has its own.
	Open(id int, node string) Client
	// Faults says what can be done to the system.
	Faults() Faults
	// Stop shuts everything down and waits for it.
	Stop() error
	// Report returns what the system recorded about itself. Valid after Stop.
	Report() report.Report
}

// Replicas is a System that knows how far its nodes are.
type Replicas interface {
	// Behind names the running members of the cluster that have not applied all that is committed. While there is no
	// leader it names every node that runs.
	Behind() []string
}

// Client speaks to a System. It has its own time-outs: Do returns within a bounded time.
type Client interface {
	Do(Op) Outcome
	Close()
}

// Op is an operation as a workload puts it.
type Op struct {
	// Object is the type of what Key names, such as "set" (see package ops); empty for registers, and where F alone says what is meant. It is
	// not recorded.
	Object string
	F      string
	Key    string
	Value  history.Value

	// Padding is how many bytes a client adds to the value that it writes, to make it large. They are not part of
	// the value: reads return it without them, and a cas compares without them.
	Padding int
	// Pace, if it is not 0, makes a client send the operation and read the answer a few bytes at a time, waiting this
	// long in between. Its time-outs are extended accordingly.
	Pace time.Duration
}

// Name is what a system and a workload call the operation: F, or "set.add" for an operation on an object of a type.
func (o Op) Name() string {
	if o.Object == "" {
		return o.F
	}
	return o.Object + "." + o.F
}

// CAS is what a compare-and-set of a register expects, and what it writes. Its value is the pair of both.
func (o Op) CAS() (old, fresh history.Value, err error) {
	pair, ok := o.Value.List()
	if !ok || len(pair) != 2 {
		return old, fresh, fmt.Errorf("a cas takes a pair of values, not %v", o.Value)
	}
	return pair[0], pair[1], nil
}

// Outcome is what a client learned of an operation.
type Outcome struct {
	Type     history.Type // OK, Fail or Info
	Value    history.Value
	Node     string // who answered, or who was asked last
	Error    string
	LogIndex uint64 // see history.Event
	// Over means that the client's session has ended with this operation: its guarantees end here, and further
	// operations need a new client. This is always so after info.
	Over bool
}

// Faults are the ways in which a system can be hurt; a nil field is a way in which it cannot.
type Faults struct {
	Links      Links
	Processes  Processes
	Pauses     Pauses
	Leadership Leadership
	Clocks     Clocks
	Transfers  Transfers
	Members    Members
	Disks      Disks
	Deaths     Deaths

	Impairments Impairments
	Resets      Resets
	Duplicates  Duplicates

	Load Load // belongs to no system: the test fills it in
}

// Links are the directed connections between nodes.
type Links interface {
	// Cut stops everything from one node to another. What is in flight is not lost: it waits for Mend,
	// as in TCP. Cutting a link that is cut does nothing.
	Cut(from, to string)
	// Mend undoes Cut.
	Mend(from, to string)
}

// Processes are the nodes' processes. An error means that the caller made a mistake: the node is unknown, or
// not in the state that the call needs.
type Processes interface {
	// Crash kills the process: from this instant nothing it does reaches its disk or anyone else.
	// What it had written, synced or not, stays.
	Crash(node string) error
	// PowerLoss takes the machine down. It is like Crash, but what was not synced is lost, and peers get
	// no reset, only silence.
	PowerLoss(node string) error
	// Restart starts the process again from its files.
	Restart(node string) error
}

// Pauses stop processes for a while, as SIGSTOP does: nothing reaches their disk or anyone else, and
// what others send them waits.
type Pauses interface {
	Pause(node string) error
	Resume(node string) error
}

// Clocks are the clocks of the nodes' machines. A system has them if a node decides anything by its own.
// Each fault adds to those in effect on that clock, except that a new drift or strobe replaces the old one. An error
// means that the caller made a mistake: the node is unknown, or its clock would stand still or run backwards.
type Clocks interface {
	// Jump sets a clock forward, or back, by a duration.
	Jump(node string, by time.Duration) error
	// Drift lets a clock gain ppm microseconds in a second, or lose them if ppm is negative: fewer than a million.
	Drift(node string, ppm int64) error
	// Strobe lets a clock jump by a duration at once, back a period later, and so on.
	Strobe(node string, by, period time.Duration) error
	// Correct sets a clock right and ends all of these.
	Correct(node string) error
}

// Transfers hand leadership over.
type Transfers interface {
	// Transfer makes the leader begin to hand over to a node, or with "" to one of its own choice. It is an error if no
	// node leads, or the node leads already. A transfer that fails later is not an error.
	Transfer(to string) error
}

// Members change who belongs to the cluster. At the start all nodes are voters.
type Members interface {
	// Become changes the membership of a node as soon as a leader can do so, and does not wait for it. The last call
	// counts. It is an error if the node is unknown.
	Become(node string, as Membership) error
	// Replace removes a voter and puts a node with an empty disk in its place. It waits a bounded time until the
	// removal is committed and all others know of it. If that does not happen, or the node does not run, it returns an
	// error and the node stays as it is.
	Replace(node string) error
}

// Membership is what a node is to the others.
type Membership uint8

const (
	Outside  Membership = iota // it runs, and the others send it nothing
	Nonvoter                   // it gets the log and has no vote
	Voter
)

var membershipNames = [...]string{Outside: "outside", Nonvoter: "nonvoter", Voter: "voter"}

func (m Membership) String() string { return membershipNames[m] }

// Leadership tells who leads, for faults that aim at the leader.
type Leadership interface {
	// Leader returns the node that leads in the highest term, if any does.
	Leader() (node string, ok bool)
}
