package broadcast

import "slices"

// Spread says how a message gets to all nodes.
type Spread string

// The spreads.
const (
	// Once is best-effort broadcast: the sender tells every node, again and again until it has acknowledged. If the sender's process
	// dies meanwhile, some have the message and others never get it.
	Once Spread = "once"
	// Eager is reliable broadcast: every node that receives a message for the first time tells all others, and a process that starts
	// again asks each what it lacks. If one node delivers a message, all do that do not stay down for ever.
	Eager Spread = "eager"
	// Gossip tells a few nodes, at random, of what is new, and does not repeat it. That reaches most. Anti-entropy gets the
	// rest: now and then a node asks another what it lacks (Demers and others 1987, Epidemic Algorithms for Replicated Database Maintenance).
	Gossip Spread = "gossip"
)

// start starts what a node does by itself.
func (b *Broadcast) start() {
	again := b.process.Number() > 1
	for _, p := range b.peers {
		b.process.Go(func() { b.repeat(p) })
		if b.config.Spread == Eager && again {
			b.process.Go(func() { b.resume(p) })
		}
	}
	if b.config.Spread == Gossip && b.config.AntiEntropy > 0 {
		b.process.Go(b.compare)
	}
	b.pass(b.unplacedInOrder(), "")
}

// pass sends messages that are new to this node to whoever is to have them. The caller holds mu.
func (b *Broadcast) pass(fresh []Message, from string) {
	for _, m := range fresh {
		for _, p := range b.targets(m, from) {
			b.send(p, m)
		}
	}
}

// targets are those to whom a message is sent when it is new to this node.
func (b *Broadcast) targets(m Message, from string) []*peer {
	node := b.process.Node()
	mine := m.ID.Node == node || b.config.Order == Leader && node == b.leader
	switch {
	case b.lacksPlace(m):
		return b.peersBut(func(name string) bool { return name != b.leader })
	case b.config.Spread == Gossip:
		return b.some()
	case mine:
		return b.peers
	case b.config.Spread == Once:
		return nil
	default:
		return b.peersBut(func(name string) bool { return name == from })
	}
}

func (b *Broadcast) peersBut(drop func(name string) bool) []*peer {
	return slices.DeleteFunc(slices.Clone(b.peers), func(p *peer) bool { return drop(p.name) })
}

// some are a few others, drawn.
func (b *Broadcast) some() []*peer {
	drawn := b.draw.Perm(len(b.peers))
	var few []*peer
	for _, i := range drawn[:min(b.config.Fanout, len(drawn))] {
		few = append(few, b.peers[i])
	}
	return few
}

// resume sends another node what it lacks of the log, once it answers: an earlier process may have died before it did.
func (b *Broadcast) resume(p *peer) {
	for b.process.Sleep(b.config.Resend) && !b.supply(p) {
	}
}

// compare is anti-entropy.
func (b *Broadcast) compare() {
	for b.process.Sleep(b.config.AntiEntropy) {
		b.mu.Lock()
		p := b.peers[b.draw.IntN(len(b.peers))]
		b.mu.Unlock()
		b.supply(p)
	}
}
