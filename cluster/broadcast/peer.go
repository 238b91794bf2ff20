package broadcast

import (
	"fmt"

	"faultline/cluster/logical"
	"faultline/cluster/sim/rpc"
)

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

// send has a message reach a node. Gossip is not repeated. The caller holds mu.
func (b *Broadcast) send(node string, m Message) {
	if b.config.Spread == Gossip && !b.lacksPlace(m) {
		b.links.Once(node, m)
	} else {
		b.links.Send(node, m)
	}
}

// transmit sends a node messages once, and reports whether it has acknowledged them.
func (b *Broadcast) transmit(node string, messages []Message) bool {
	_, ok := b.ask(node, "message", messages)
	return ok
}

// ask sends a node a request, and hears what it says in its answer.
func (b *Broadcast) ask(node, kind string, messages []Message) (receipt, bool) {
	b.mu.Lock()
	packet := packet{messages, b.order.says()}
	b.mu.Unlock()
	response, err := b.call(node, rpc.NewRequest(kind, 0, packet.String(), packet), 2*b.config.Resend)
	var r receipt
	if err != nil || response.Status != rpc.Done || response.Decode(&r) != nil {
		return receipt{}, false
	}
	b.hear(node, r.Says)
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
func (b *Broadcast) supply(node string) bool {
	r, ok := b.ask(node, "digest", nil)
	if !ok {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.log {
		if !r.Has.Includes(m.ID) && (b.begins(m) || b.config.Spread != Sender) {
			b.links.Send(node, m)
		}
	}
	return true
}

// answer takes what another node says. It acknowledges messages once they are synced.
func (b *Broadcast) answer(from string, q rpc.Request) rpc.Response {
	if q.Kind == "time" {
		return b.tellTime()
	}
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
