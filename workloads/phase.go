package workloads

import (
	"math/rand/v2"
	"time"

	"faultline/cluster"
)

// Phase is a stretch of a test. It is over when each client has come to the end of its operations and has all answers; then
// the next one begins. A phase under load ends at the time limit too.
type Phase struct {
	When When
	// Rest is how long each client of a phase After waits before its first operation, such as until something has expired.
	// One that has nothing to do does not wait.
	Rest time.Duration
	// Generator returns what one client does; nil if it has nothing to do.
	Generator func(Client) Generator
	// Scripts take the place of a Generator in a phase During: they are conducted one after the other. The clients of the system are
	// cluster.Interactive.
	Scripts []Script
}

// When says what a phase meets.
type When uint8

const (
	// Before is when the system serves and no fault has happened. Operations follow each other at once.
	Before When = iota
	// During is when faults happen. Operations come at random instants, at the rate that the spec says.
	During
	// After is when everything is healed and every node has caught up. Operations follow each other at once. Its clients
	// are spread so that there is one or more near every node.
	After
)

// Client is one of those that work in a phase.
type Client struct {
	Thread, Threads int // which of how many: of all, and in a phase After of those near its node
	Node, Nodes     int // which of how many nodes it prefers
	Draw            *rand.Rand
}

// Generator yields one client's operations.
type Generator interface {
	// Next returns the operation to do now; false if there is none left.
	Next() (cluster.Op, bool)
	// Done tells how an operation of this client ended.
	Done(cluster.Op, cluster.Outcome)
}

// Resting is a Generator whose client rests before the next operation, in a phase whose operations follow each other at once.
type Resting interface {
	Generator
	Rest() time.Duration
}

// List is a Generator of operations that are known beforehand.
func List(ops ...cluster.Op) Generator { return &list{ops} }

type list struct{ left []cluster.Op }

func (l *list) Next() (op cluster.Op, ok bool) {
	if len(l.left) == 0 {
		return op, false
	}
	op, l.left = l.left[0], l.left[1:]
	return op, true
}

func (*list) Done(cluster.Op, cluster.Outcome) {}

// ReadNearEachNode is a phase in which the clients near every node read all that is to be read, each its share.
func ReadNearEachNode(ops func() []cluster.Op) Phase {
	return Phase{When: After, Generator: func(c Client) Generator {
		all := ops()
		share := max(1, (len(all)+c.Threads-1)/c.Threads)
		first := min(c.Thread*share, len(all))
		mine := all[first:min(first+share, len(all))]
		if len(mine) == 0 {
			return nil
		}
		return List(mine...)
	}}
}
