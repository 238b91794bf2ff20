package raftkv

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/sim/rpc"
)

// Affinity is which node a client asks for a read that any node may serve. What a level guarantees to one client can
// depend on it: two nodes can be behind by different amounts.
type Affinity string

const (
	// Prefer is its own node first, and another when that one does not answer.
	Prefer Affinity = "prefer"
	// Stay is its own node and no other. When the connection to it breaks, the session is over: the process may start again with
	// less applied than it had, as the commit index is not on disk.
	Stay Affinity = "stay"
	// Roam is another node each time, as behind a load balancer.
	Roam Affinity = "roam"
)

// Affinities returns all of them, the default first.
func Affinities() []Affinity { return []Affinity{Prefer, Stay, Roam} }

// near has a read served by whatever node the client's affinity says.
func (c *client) near(r *request, patient rpc.Attempts, deadline time.Time) cluster.Outcome {
	if c.session {
		r.Seen = c.seen
	}
	switch target := c.first; c.affinity {
	case Stay:
		return c.atHome(r, deadline)
	case Roam:
		c.first = (c.first + 1) % len(c.nodes)
		return c.attempts(r, patient, &target, deadline)
	default:
		return c.attempts(r, patient, &target, deadline)
	}
}

// atHome has a request served by the client's own node, and by no other.
func (c *client) atHome(r *request, deadline time.Time) cluster.Outcome {
	out := c.ask(c.home, r, time.Until(deadline)).Outcome
	out.Node = c.nodes[c.home]
	return out
}

// over reports whether the client's session has ended: what it relied on is gone.
func (c *client) over() bool { return c.affinity == Stay && c.lost }
