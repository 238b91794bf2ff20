package broadcast

import (
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/sim"
)

// sequence is total order by a leader: it gives each message a place, and nodes deliver by their places. It is a FIFO broadcast of the
// leader's. Without the leader nothing is delivered; who else could take its place needs consensus to say.
type sequence struct {
	silent
	leads     bool
	given     uint64 // the last place that this node has given
	delivered uint64
	held      map[uint64]Message
}

// leaderOf is the leader of a process's group: the node whose name is first.
func leaderOf(p *sim.Process) string { return slices.Min(append(p.Others(), p.Node())) }

func (s *sequence) stamp(m *Message) {
	if s.leads {
		s.given++
		m.Place = s.given
	}
}

func (s *sequence) receive(m Message) (ready []Message) {
	s.given = max(s.given, m.Place)
	s.held[m.Place] = m
	for {
		m, ok := s.held[s.delivered+1]
		if !ok {
			return ready
		}
		s.delivered++
		delete(s.held, s.delivered)
		ready = append(ready, m)
	}
}

func (s *sequence) waiting() int { return len(s.held) }

// announcement is what a node says with each message: all that it broadcasts from now on has a later time than this, and what it has
// broadcast so far are so many messages.
type announcement struct {
	Time logical.Lamport `json:"time,omitempty"`
	Sent uint64          `json:"sent,omitempty"`
}

// lamport is total order by Lamport clocks (Lamport 1978): messages are delivered in the order of their times. The first is due when every
// node has said that it will broadcast nothing earlier. A node that passes a message on says so with it, so what makes the
// broadcast reliable acknowledges it to all, too. One node that is silent stops all.
//
// The clock is the latest time of all messages in the log. So a process that starts again has it back, and keeps what it has announced.
type lamport struct {
	node      string
	others    []string
	clock     logical.Lamport
	sent      uint64
	fifo      *fifo                      // of what was received: nodes announce times of messages in order
	queue     []Message                  // not delivered, in order
	heard     map[string]logical.Lamport // of each other node: it will broadcast nothing up to here
	announced map[string][]announcement  // of each other node: of messages that have not all been received
}

func newLamport(node string, others []string) *lamport {
	return &lamport{node: node, others: others, fifo: newFIFO(), heard: map[string]logical.Lamport{}, announced: map[string][]announcement{}}
}

func (l *lamport) stamp(m *Message) { m.Time = l.clock + 1 }

func (l *lamport) receive(m Message) []Message {
	l.clock = max(l.clock, m.Time)
	if m.ID.Node == l.node {
		l.sent = max(l.sent, m.ID.N)
	}
	for _, m := range l.fifo.receive(m) {
		i, _ := slices.BinarySearchFunc(l.queue, m, byStamp)
		l.queue = slices.Insert(l.queue, i, m)
		l.heard[m.ID.Node] = max(l.heard[m.ID.Node], m.Time)
	}
	return l.settle(m.ID.Node)
}

func (l *lamport) says() announcement { return announcement{l.clock, l.sent} }

func (l *lamport) hear(node string, a announcement) []Message {
	if a.Time <= l.heard[node] {
		return nil
	}
	l.announced[node] = append(l.announced[node], a)
	return l.settle(node)
}

// settle believes a node's announcements when all that it had broadcast by then is here, and returns what is due.
func (l *lamport) settle(node string) (ready []Message) {
	l.announced[node] = slices.DeleteFunc(l.announced[node], func(a announcement) bool {
		here := l.fifo.delivered[node] >= a.Sent
		if here {
			l.heard[node] = max(l.heard[node], a.Time)
		}
		return here
	})
	for len(l.queue) > 0 && l.due(l.queue[0]) {
		ready = append(ready, l.queue[0])
		l.queue = l.queue[1:]
	}
	return ready
}

// due reports whether no node will broadcast anything earlier than a message.
func (l *lamport) due(m Message) bool {
	return !slices.ContainsFunc(l.others, func(node string) bool { return l.heard[node] < m.Time })
}

func (l *lamport) waiting() int { return len(l.queue) + l.fifo.waiting() }
