package broadcast

import (
	"cmp"
	"encoding/json"
	"fmt"

	"faultline/cluster/logical"
)

// Message is what is broadcast.
type Message struct {
	ID      logical.Dot     `json:"id"` // who broadcast it, and which of its broadcasts it is
	Payload json.RawMessage `json:"payload"`

	// What receivers need to order it, which is up to the Order.
	After logical.Vector  `json:"after,omitempty"` // Causal: how many messages of each node its sender had delivered
	Time  logical.Lamport `json:"time,omitempty"`  // Lamport: when it was sent
	Place uint64          `json:"place,omitempty"` // Leader: which message it is of all, from 1 on; 0 before the leader has said so

	Sent *logical.Reading `json:"sent,omitempty"` // what its sender's clocks showed, if that is wanted: see Config
}

// Decode reads the payload.
func (m Message) Decode(payload any) error {
	if err := json.Unmarshal(m.Payload, payload); err != nil {
		return fmt.Errorf("the payload of message %v: %w", m.ID, err)
	}
	return nil
}

// String names a message by its ID and what orders it.
func (m Message) String() string {
	switch {
	case m.Place > 0:
		return fmt.Sprintf("%v in place %d", m.ID, m.Place)
	case m.Time > 0:
		return fmt.Sprintf("%v at %d", m.ID, m.Time)
	case len(m.After) > 0:
		return fmt.Sprintf("%v after %v", m.ID, m.After)
	}
	return m.ID.String()
}

func (m Message) stamp() logical.Stamp { return logical.Stamp{Time: m.Time, Node: m.ID.Node} }

func byStamp(m, n Message) int {
	return cmp.Or(m.stamp().Compare(n.stamp()), cmp.Compare(m.ID.N, n.ID.N))
}

// index is a set of messages, by their IDs: of each node the first ones without a gap, and some others.
type index struct {
	upTo   logical.Vector
	others map[logical.Dot]bool
}

func newIndex() index { return index{logical.Vector{}, map[logical.Dot]bool{}} }

func (x index) includes(id logical.Dot) bool { return x.upTo.Includes(id) || x.others[id] }

func (x index) add(id logical.Dot) {
	x.others[id] = true
	for next := (logical.Dot{Node: id.Node, N: x.upTo[id.Node] + 1}); x.others[next]; next.N++ {
		delete(x.others, next)
		x.upTo[id.Node] = next.N
	}
}
