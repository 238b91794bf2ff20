package broadcast

import (
	"fmt"
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/sim/rpc"
)

// peer is another node, with what this one has for it.
type peer struct {
	name    string
	pending []*parcel // what it has not acknowledged, in the order in which it was sent
	owed    map[logical.Dot]bool
	flying  int // how many requests have not ended
}

// parcel is a message on its way to a node.
type parcel struct {
	Message
	flying bool // a request that carries it has not ended
}

// owe has a message repeated until the node acknowledges it.
func (p *peer) owe(m Message) *parcel {
	one := &parcel{Message: m}
	if !p.owed[m.ID] {
		p.owed[m.ID] = true
		p.pending = append(p.pending, one)
	}
	return one
}

// acknowledged ends the repetition.
func (p *peer) acknowledged(batch []*parcel) {
	for _, one := range batch {
		delete(p.owed, one.ID)
	}
	p.pending = slices.DeleteFunc(p.pending, func(one *parcel) bool { return !p.owed[one.ID] })
}

// most bounds how many messages are in one request, and how many requests to one node are on their way.
const most = 64

// packet is what nodes tell each other.
type packet struct {
	Messages []Message    `json:"messages"`
	Says     announcement `json:"says,omitzero"`
}

// receipt is the answer. What is asked for by a digest is in Has.
type receipt struct {
	Says announcement   `json:"says,omitzero"`
	Has  logical.Vector `json:"has,omitempty"` // of each node the first messages without a gap
}

// send has a message reach a node. Messages overtake each other, as each goes by itself; what a node does not acknowledge is repeated, unless
// it is gossip. The caller holds mu.
func (b *Broadcast) send(p *peer, m Message) {
	one := &parcel{Message: m}
	if b.config.Spread != Gossip || b.lacksPlace(m) {
		if one = p.owe(m); p.flying >= most {
			return // it is slow or away, and gets the rest together
		}
	}
	one.flying = true
	p.flying++
	b.process.Go(func() { b.transmit(p, []*parcel{one}) })
}

// repeat sends what a node has not acknowledged.
func (b *Broadcast) repeat(p *peer) {
	for b.process.Sleep(b.config.Resend) {
		for batch := b.unacknowledged(p); len(batch) > 0 && b.transmit(p, batch); batch = b.unacknowledged(p) {
		}
	}
}

// unacknowledged takes from what waits for a node as much as fits into a request.
func (b *Broadcast) unacknowledged(p *peer) (batch []*parcel) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, one := range p.pending {
		if !one.flying && len(batch) < most {
			one.flying = true
			batch = append(batch, one)
		}
	}
	if len(batch) > 0 {
		p.flying++
	}
	return batch
}

// transmit sends a node messages once, and reports whether it has acknowledged them.
func (b *Broadcast) transmit(p *peer, batch []*parcel) bool {
	var carried []Message
	for _, one := range batch {
		carried = append(carried, one.Message)
	}
	_, ok := b.ask(p, "message", carried)
	b.mu.Lock()
	defer b.mu.Unlock()
	p.flying--
	for _, one := range batch {
		one.flying = false
	}
	if ok {
		p.acknowledged(batch)
	}
	return ok
}

// ask sends a node a request, and hears what it says in its answer.
func (b *Broadcast) ask(p *peer, kind string, messages []Message) (receipt, bool) {
	b.mu.Lock()
	packet := packet{messages, b.order.says()}
	b.mu.Unlock()
	response, err := b.call(p.name, rpc.NewRequest(kind, 0, packet.String(), packet), 2*b.config.Resend)
	var r receipt
	if err != nil || response.Status != rpc.Done || response.Decode(&r) != nil {
		return receipt{}, false
	}
	b.hear(p.name, r.Says)
	return r, true
}

func (p packet) String() string {
	switch len(p.Messages) {
	case 0:
		return ""
	case 1:
		return p.Messages[0].String()
	}
	return fmt.Sprintf("%v and %d more", p.Messages[0], len(p.Messages)-1)
}

func (b *Broadcast) hear(node string, a announcement) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deliver(b.order.hear(node, a))
}

// supply sends a node what it lacks, by what it says that it has. It reports whether the node has answered.
func (b *Broadcast) supply(p *peer) bool {
	r, ok := b.ask(p, "digest", nil)
	if !ok {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.log {
		if !r.Has.Includes(m.ID) && (b.begins(m) || b.config.Spread != Sender) {
			p.owe(m)
		}
	}
	return true
}

// answer takes what another node says. It acknowledges messages once they are synced.
func (b *Broadcast) answer(from string, q rpc.Request) rpc.Response {
	return rpc.With(q, func(p packet) rpc.Response {
		if len(p.Messages) > 0 {
			if _, ok := b.put(input{messages: p.Messages, from: from}); !ok {
				return rpc.Unsure(0, "died")
			}
		}
		b.hear(from, p.Says)
		b.mu.Lock()
		defer b.mu.Unlock()
		r := receipt{Says: b.order.says()}
		if q.Kind == "digest" {
			r.Has = b.has.upTo.Clone()
		}
		return rpc.Answer(0, "", r)
	})
}
