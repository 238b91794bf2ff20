package broadcast

import "slices"

// Spread says how a message gets to all nodes.
type Spread string

// The spreads.
const (
	// Once is best-effort broadcast: the sender tells every node, again and again until it has acknowledged. If the sender's process
	// dies meanwhile, some have the message and others never get it.
	Once Spread = "once"
	// Sender is Once by a sender that does not forget: when it starts again it asks each node what it lacks of the sender's messages. Then all
	// nodes get them; but if the sender stays down, nobody else helps.
	Sender Spread = "sender"
	// Eager is reliable broadcast also where processes that die stay dead: every node that receives a message for the first time tells all
	// others. If one node delivers a message, all do that do not stay down for ever.
	Eager Spread = "eager"
	// Gossip tells a few nodes, at random, of what is new, and does not repeat it. That reaches most. Anti-entropy gets the
	// rest: now and then a node asks another what it lacks (Demers and others 1987, Epidemic Algorithms for Replicated Database Maintenance).
	Gossip Spread = "gossip"
)

var spreads = []Spread{Once, Sender, Eager, Gossip}

// start starts what a node does by itself.
func (b *Broadcast) start() {
	again := b.process.Number() > 1
	if again && (b.config.Spread == Sender || b.config.Spread == Eager) {
		for _, node := range b.others {
			b.process.Go(func() { b.resume(node) })
		}
	}
	if b.config.Spread == Gossip && len(b.others) > 0 {
		b.process.Go(b.compare)
	}
	if b.config.AskTime > 0 && b.process.Node() != b.leader {
		b.process.Go(b.askTime)
	}
	b.pass(b.unplacedInOrder(), "")
}

// pass sends messages that are new to this node to whoever is to have them. The caller holds mu.
func (b *Broadcast) pass(fresh []Message, from string) {
	for _, m := range fresh {
		for _, node := range b.targets(m, from) {
			b.send(node, m)
		}
	}
}

// targets are those to whom a message is sent when it is new to this node.
func (b *Broadcast) targets(m Message, from string) []string {
	switch {
	case b.lacksPlace(m):
		return []string{b.leader}
	case b.config.Spread == Gossip:
		return b.some()
	case b.begins(m):
		return b.others
	case b.config.Spread == Eager:
		return slices.DeleteFunc(slices.Clone(b.others), func(node string) bool { return node == from })
	default:
		return nil
	}
}

// begins reports whether it is this node that sends a message to all: the one whose message it is, or the leader that gives it its place.
func (b *Broadcast) begins(m Message) bool {
	if b.config.Order == Leader {
		return b.process.Node() == b.leader
	}
	return m.ID.Node == b.process.Node()
}

// some are a few others, drawn.
func (b *Broadcast) some() []string {
	drawn := b.draw.Perm(len(b.others))
	var few []string
	for _, i := range drawn[:min(b.config.Fanout, len(drawn))] {
		few = append(few, b.others[i])
	}
	return few
}

// resume sends another node what it lacks of the log, once it answers: an earlier process may have died before it did.
func (b *Broadcast) resume(node string) {
	for b.process.Sleep(b.config.Resend) && !b.supply(node) {
	}
}

// compare is anti-entropy.
func (b *Broadcast) compare() {
	for b.process.Sleep(b.config.AntiEntropy) {
		b.mu.Lock()
		node := b.others[b.draw.IntN(len(b.others))]
		b.mu.Unlock()
		b.supply(node)
	}
}
