package broadcast

import (
	"slices"

	"faultline/cluster/logical"
)

// Order says in which order nodes deliver messages.
type Order string

// The orders.
const (
	Unordered Order = ""       // as they are received
	FIFO      Order = "fifo"   // those of each node in the order in which it sent them
	Causal    Order = "causal" // none before one that its sender had sent or delivered before it: what happened before
	// All nodes deliver in one order, which extends that of what happened before only if the leader does so: Leader is by the leader's
	// say, and waits for it while it is down; Lamport is by Lamport clocks, and waits for every node.
	Leader  Order = "leader"
	Lamport Order = "lamport"
)

// order decides what a node delivers when.
type order interface {
	// stamp adds to a message what receivers need to order it: to one that this node is about to broadcast, or to give a place.
	stamp(*Message)
	// receive takes a message that has been received, one of this node's own included, each once. It returns those that are to
	// be delivered now, in order.
	receive(Message) []Message
	// waiting is how many have been received and not delivered.
	waiting() int
	// says is what this node tells others with each message, and hear what comes of hearing it from another.
	says() announcement
	hear(node string, a announcement) []Message
}

// start returns the order at a node.
func (o Order) start(node, leader string, others []string) order {
	switch o {
	case FIFO:
		return newFIFO()
	case Causal:
		return &causal{delivered: logical.Vector{}}
	case Leader:
		return &sequence{leads: node == leader, held: map[uint64]Message{}}
	case Lamport:
		return newLamport(node, others)
	default:
		return unordered{}
	}
}

// Total reports whether all nodes deliver in one order.
func (o Order) Total() bool { return o == Leader || o == Lamport }

// unordered delivers messages as they are received.
type unordered struct{ silent }

func (unordered) stamp(*Message)              {}
func (unordered) receive(m Message) []Message { return []Message{m} }
func (unordered) waiting() int                { return 0 }

// silent is the part of an order that needs no announcements.
type silent struct{}

func (silent) says() announcement                  { return announcement{} }
func (silent) hear(string, announcement) []Message { return nil }

// fifo delivers the n-th message of a node when it has delivered n-1.
type fifo struct {
	silent
	delivered logical.Vector
	held      map[logical.Dot]Message
}

func newFIFO() *fifo { return &fifo{delivered: logical.Vector{}, held: map[logical.Dot]Message{}} }

func (*fifo) stamp(*Message) {} // its ID tells

func (f *fifo) receive(m Message) (ready []Message) {
	f.held[m.ID] = m
	for next := (logical.Dot{Node: m.ID.Node, N: f.delivered[m.ID.Node] + 1}); ; next.N++ {
		m, ok := f.held[next]
		if !ok {
			return ready
		}
		delete(f.held, next)
		f.delivered.Tick(next.Node)
		ready = append(ready, m)
	}
}

func (f *fifo) waiting() int { return len(f.held) }

// causal delivers a message when it has delivered all that its sender had.
type causal struct {
	silent
	delivered logical.Vector
	held      []pending
}

// pending is a message that is held, and one event that it waits for: until that is there, nothing else of After need be looked at.
type pending struct {
	Message
	lacks logical.Dot
}

// stamp says what the message depends on. All of this node's own messages have been delivered here.
func (c *causal) stamp(m *Message) { m.After = c.delivered.Clone() }

func (c *causal) receive(m Message) (ready []Message) {
	c.held = append(c.held, pending{Message: m})
	for i := 0; i < len(c.held); i++ {
		if p := &c.held[i]; c.due(p) {
			m := p.Message
			c.held = slices.Delete(c.held, i, i+1)
			c.delivered.Tick(m.ID.Node)
			ready = append(ready, m)
			i = -1 // it may be what others wait for
		}
	}
	return ready
}

// due reports whether all that a message depends on has been delivered.
func (c *causal) due(p *pending) bool {
	if !c.delivered.Includes(p.lacks) {
		return false
	}
	var waits bool
	p.lacks, waits = c.delivered.Lacks(p.After)
	return !waits
}

func (c *causal) waiting() int { return len(c.held) }
