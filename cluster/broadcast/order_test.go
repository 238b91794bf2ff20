package broadcast

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/cluster/logical"
)

// group is nodes whose messages arrive in any order, once each. What a node tells the others of its clock arrives with them.
type group struct {
	names     []string
	order     Order
	nodes     map[string]order
	mail      map[string][]letter // what is on its way to each
	past      map[string][]logical.Dot
	delivered map[string][]logical.Dot
	before    map[logical.Dot][]logical.Dot // what its sender had sent or delivered before a message
}

type letter struct {
	from string
	says announcement
	Message
}

func newGroup(o Order, n int) *group {
	g := &group{order: o, nodes: map[string]order{}, mail: map[string][]letter{}, past: map[string][]logical.Dot{},
		delivered: map[string][]logical.Dot{}, before: map[logical.Dot][]logical.Dot{}}
	for i := range n {
		g.names = append(g.names, fmt.Sprintf("n%d", i+1))
	}
	for _, name := range g.names {
		others := slices.DeleteFunc(slices.Clone(g.names), func(other string) bool { return other == name })
		g.nodes[name] = o.start(name, g.names[0], others)
	}
	return g
}

// broadcast has a node send its next message. In the order Leader that is the leader.
func (g *group) broadcast(node string) {
	if g.order == Leader {
		node = g.names[0]
	}
	n := uint64(1)
	for id := range g.before {
		if id.Node == node {
			n++
		}
	}
	m := Message{ID: logical.Dot{Node: node, N: n}}
	g.before[m.ID] = slices.Clone(g.past[node])
	g.past[node] = append(g.past[node], m.ID)
	g.nodes[node].stamp(&m)
	g.receive(node, m)
}

// receive has a node take a message, and pass it on with what it says.
func (g *group) receive(node string, m Message) {
	g.deliver(node, g.nodes[node].receive(m))
	for _, other := range g.names {
		if other != node {
			g.mail[other] = append(g.mail[other], letter{node, g.nodes[node].says(), m})
		}
	}
}

func (g *group) deliver(node string, all []Message) {
	for _, m := range all {
		g.delivered[node] = append(g.delivered[node], m.ID)
		g.past[node] = append(g.past[node], m.ID)
	}
}

// arrive has one of the letters to a node arrive.
func (g *group) arrive(node string, i int) {
	l := g.mail[node][i]
	g.mail[node] = slices.Delete(g.mail[node], i, i+1)
	if !slices.ContainsFunc(append(g.seen(node), g.delivered[node]...), func(id logical.Dot) bool { return id == l.ID }) {
		g.receive(node, l.Message)
	}
	g.deliver(node, g.nodes[node].hear(l.from, l.says))
}

// seen are the messages that a node holds back.
func (g *group) seen(node string) (all []logical.Dot) {
	var held []Message
	switch o := g.nodes[node].(type) {
	case *causal:
		for _, p := range o.held {
			held = append(held, p.Message)
		}
	case *lamport:
		held = o.queue
		for _, m := range o.fifo.held {
			held = append(held, m)
		}
	case *fifo:
		for _, m := range o.held {
			held = append(held, m)
		}
	case *sequence:
		for _, m := range o.held {
			held = append(held, m)
		}
	}
	for _, m := range held {
		all = append(all, m.ID)
	}
	return all
}

// TestOrders: whatever arrives when, each node delivers all messages, once, in the order that it promises.
func TestOrders(t *testing.T) {
	for _, o := range []Order{Unordered, FIFO, Causal, Leader, Lamport} {
		t.Run(string("order "+o), func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { checkOrder(t, o) }) })
	}
}

func checkOrder(t *rapid.T, o Order) {
	g := newGroup(o, rapid.IntRange(1, 4).Draw(t, "nodes"))
	node := rapid.SampledFrom(g.names)
	for range rapid.IntRange(0, 60).Draw(t, "steps") {
		if at := node.Draw(t, "at"); len(g.mail[at]) > 0 && rapid.Bool().Draw(t, "arrives") {
			g.arrive(at, rapid.IntRange(0, len(g.mail[at])-1).Draw(t, "letter"))
		} else if len(g.before) < 12 {
			g.broadcast(at)
		}
	}
	for _, name := range slices.Concat(g.names, g.names, g.names, g.names) {
		for len(g.mail[name]) > 0 {
			g.arrive(name, rapid.IntRange(0, len(g.mail[name])-1).Draw(t, "letter"))
		}
	}
	for _, name := range g.names {
		got := g.delivered[name]
		if len(got) != len(g.before) {
			t.Fatalf("%s delivered %v of %d messages", name, got, len(g.before))
		}
		for i, id := range got {
			for _, earlier := range g.before[id] {
				if (o == Causal || o == Lamport || o == FIFO && earlier.Node == id.Node) && slices.Index(got, earlier) > i {
					t.Fatalf("%s delivered %v before %v", name, id, earlier)
				}
			}
		}
		if first := g.delivered[g.names[0]]; o.Total() && !slices.Equal(got, first) {
			t.Fatalf("%s delivered %v and %s %v", name, got, g.names[0], first)
		}
	}
}
