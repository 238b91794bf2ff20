// Package broadcast has the algorithms of broadcast on the simulated machines of cluster/sim: a node sends a message to all nodes, and
// each delivers it to its application, in an order that the algorithm promises (Kleppmann, Distributed Systems, lecture 4; Cachin, Guerraoui
// and Rodrigues, Introduction to Reliable and Secure Distributed Programming, 2nd edition, chapters 3 and 6).
//
// A broadcast is two choices. A Spread says how a message gets to all nodes: by its sender alone, by every node that receives it, or by
// gossip. An Order says when a node delivers what it has received. What is delivered after what then follows from what was received, so
// that an Order is a data structure without messages of its own.
//
// The model is crash-recovery. A node syncs a message before it tells anybody of it: its own before it is sent, that of another before it is
// acknowledged. A process that starts again delivers the same messages in the same order as the one before did, so an application needs no
// disk of its own: what it has is made of what was delivered. Links are fair-loss, and a node repeats what was not acknowledged.
//
// The package also has a kind of system, whose clients broadcast and read what each node has delivered.
package broadcast

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"faultline/cluster/logical"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/ntp"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/stubborn"
)

// Port is where nodes take each other's messages, by the protocol of package rpc.
const Port = "7100"

// CrashPoints are where a process that broadcasts can be made to die.
func CrashPoints() []string { return journal.CrashPoints() }

// Config says how a node broadcasts. All nodes of a group have the same, except for Deliver.
type Config struct {
	Spread Spread
	Order  Order
	// Deliver is told of each message once, in order: by a process that starts again first of those that earlier ones had
	// delivered, before Open returns (in the order Lamport as the others announce again what they have). It must not wait, and must not call the Broadcast.
	Deliver func(Message)
	// Happened, if it is not nil, is told of each message that is sent or received for the first time, with what all clocks of the node
	// show then. Messages carry what their sender's clocks showed. As for Deliver, a process that starts again is told all again.
	Happened func(m Message, received bool, clocks logical.Reading)
	Timing
}

func (c Config) validate() error {
	switch {
	case c.Deliver == nil:
		return errors.New("broadcast: nobody takes what is delivered: give Deliver")
	case !slices.Contains(spreads, c.Spread):
		return fmt.Errorf("broadcast: unknown spread %q; there are %v", c.Spread, spreads)
	}
	return c.Timing.Validate()
}

// Timing says when a node repeats itself, in the world's time.
type Timing struct {
	Resend      time.Duration `json:"resend" flag:"resend" doc:"how long a node waits before it repeats what another has not acknowledged"`
	AntiEntropy time.Duration `json:"anti_entropy" flag:"anti-entropy" doc:"how often a node compares what it has with another, in the mode gossip; longer than the test for never"`
	AskTime     time.Duration `json:"ntp,omitempty" flag:"ntp" doc:"how often a node asks the first one what time it is, and corrects its clock by that; 0 for never"`
	Fanout      int           `json:"fanout" flag:"fanout" doc:"how many nodes a node tells of a message that is new to it, in the mode gossip"`
}

// Usual is the timing for a network of one site.
func Usual() Timing {
	return Timing{Resend: 100 * time.Millisecond, AntiEntropy: 500 * time.Millisecond, Fanout: 3}
}

// Validate reports what cannot be run.
func (t Timing) Validate() error {
	switch {
	case t.Resend < time.Millisecond:
		return fmt.Errorf("resend %v: give 1ms or more", t.Resend)
	case t.AntiEntropy < time.Millisecond:
		return fmt.Errorf("anti-entropy %v: give 1ms or more, such as 1h for never", t.AntiEntropy)
	case t.Fanout < 1:
		return fmt.Errorf("fanout %d: give 1 or more", t.Fanout)
	}
	return nil
}

// Broadcast is a node's end of a broadcast among the nodes of its group.
type Broadcast struct {
	process *sim.Process
	config  Config
	leader  string // who gives messages their places in the order Leader
	others  []string
	links   *stubborn.Links[logical.Dot, Message]
	inbox   chan input
	wall    *ntp.Clock // what the node's physical clock shows, corrected
	hooks

	mu       sync.Mutex
	sent     uint64                  // how many messages this node has broadcast
	log      []Message               // those that it has received, its own included, in that order; they are on the disk
	has      index                   // of the log
	unplaced map[logical.Dot]Message // its own that have no place yet, in the order Leader; they are on the disk
	order    order
	clocks   *logical.Clocks
	draw     *rand.Rand
}

// hooks are what a planted bug can take the place of.
type hooks struct {
	heard func(logical.Reading) logical.Reading // what the node's clocks hear of those of a sender
	call  func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	keep  func(record) error
	knew  func(logical.Dot) bool // whether a message has been received before
}

// record is what a node syncs: messages that it has received, or its own that has no place yet.
type record struct {
	Messages []Message     `json:"messages"`
	Wall     time.Duration `json:"wall,omitempty"` // what the physical clock showed
}

// Open starts broadcasting from a machine's files. It is to be called by the function that boots the process, which has no other journal.
func Open(p *sim.Process, c Config) (*Broadcast, error) { return open(p, c, nil) }

func open(p *sim.Process, c Config, plant func(*Broadcast)) (*Broadcast, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	file, stored, err := journal.Open[record](p)
	if err != nil {
		return nil, err
	}
	b := &Broadcast{process: p, config: c, leader: leaderOf(p), others: p.Others(), inbox: make(chan input), has: newIndex(),
		unplaced: map[logical.Dot]Message{}, wall: ntp.NewClock(p.WallTime), clocks: logical.NewClocks(p.Node())}
	b.order, b.draw = c.Order.start(p.Node(), b.leader, p.Others()), p.Rand("gossip")
	b.hooks = hooks{heard: func(r logical.Reading) logical.Reading { return r }, call: rpc.NewCaller(p.Host(), Port).Call, keep: file.Add, knew: b.has.includes}
	b.links = stubborn.New(p, c.Resend, func(m Message) logical.Dot { return m.ID }, b.transmit)
	if plant != nil {
		plant(b)
	}
	for _, r := range stored {
		for _, m := range r.Messages {
			b.take(m, r.Wall)
		}
	}
	p.Go(b.run)
	b.start()
	return b, rpc.Serve(p, Port, b.answer)
}

// input is what may change the log: a message of this node, or messages from another. It is done when what is to be kept of it is synced.
type input struct {
	payload  json.RawMessage
	messages []Message
	from     string
	done     chan logical.Dot
}

// Send broadcasts a payload, which encoding/json must be able to encode. It returns the message's ID once the message is synced, and so
// will be broadcast even if the process dies, unless the Spread is Once. It has been delivered here by then, unless the order is a total
// one. It returns false if the process died: then nobody knows.
func (b *Broadcast) Send(payload any) (logical.Dot, bool) {
	body, err := json.Marshal(payload)
	if err != nil {
		panic("broadcast: a payload that is not JSON: " + err.Error())
	}
	return b.put(input{payload: body})
}

// put hands an input to the goroutine that has the disk, and waits until it is done.
func (b *Broadcast) put(in input) (logical.Dot, bool) {
	in.done = make(chan logical.Dot, 1)
	select {
	case b.inbox <- in:
	case <-b.process.Done():
		return logical.Dot{}, false
	}
	select {
	case id := <-in.done:
		return id, true
	case <-b.process.Done():
		return logical.Dot{}, false
	}
}

// run is the one goroutine that changes what is on the disk.
func (b *Broadcast) run() {
	for {
		select {
		case in := <-b.inbox:
			b.admit(in)
		case <-b.process.Done():
			return
		}
	}
}

// admit syncs what is new of an input, delivers what can be delivered then, and passes it on. If the disk fails nobody knows what is on
// it, and the process dies.
func (b *Broadcast) admit(in input) {
	wall := b.wall.Now()
	b.mu.Lock()
	id, fresh := b.fresh(in, wall)
	b.mu.Unlock()
	if len(fresh) > 0 {
		if err := b.keep(record{fresh, wall}); err != nil {
			b.process.Die(err.Error())
			return
		}
		b.mu.Lock()
		for _, m := range fresh {
			b.take(m, wall)
		}
		b.pass(fresh, in.from)
		b.mu.Unlock()
	}
	in.done <- id
}

// fresh are the messages of an input that the node does not have, with what receivers need to order them; and the ID of its own.
func (b *Broadcast) fresh(in input, wall time.Duration) (id logical.Dot, all []Message) {
	if in.payload != nil {
		m := Message{ID: logical.Dot{Node: b.process.Node(), N: b.sent + 1}, Payload: in.payload}
		if b.config.Happened != nil {
			now := b.clocks.Next(wall)
			m.Sent = &now
		}
		b.order.stamp(&m)
		return m.ID, []Message{m}
	}
	for _, m := range in.messages {
		if b.knew(m.ID) {
			continue
		}
		if b.lacksPlace(m) {
			b.order.stamp(&m)
		}
		all = append(all, m)
	}
	return id, all
}

// lacksPlace reports whether the leader is still to be asked for a message's place.
func (b *Broadcast) lacksPlace(m Message) bool { return b.config.Order == Leader && m.Place == 0 }

// unplacedInOrder are this node's own messages that have no place yet, in order.
func (b *Broadcast) unplacedInOrder() []Message {
	return slices.SortedFunc(maps.Values(b.unplaced), byStamp)
}

// take adds a message to the log, and delivers what can be delivered then.
func (b *Broadcast) take(m Message, wall time.Duration) {
	if m.ID.Node == b.process.Node() {
		b.sent = max(b.sent, m.ID.N)
	}
	b.count(m, wall)
	if b.lacksPlace(m) {
		b.unplaced[m.ID] = m
		return
	}
	delete(b.unplaced, m.ID)
	b.log = append(b.log, m)
	b.has.add(m.ID)
	b.deliver(b.order.receive(m))
}

// count has the clocks show that a message was sent or received. One of this node's own that comes back with its place was counted before.
func (b *Broadcast) count(m Message, wall time.Duration) {
	_, before := b.unplaced[m.ID]
	switch {
	case m.Sent == nil || b.config.Happened == nil || before:
	case m.ID.Node == b.process.Node():
		b.clocks.Happened(*m.Sent)
		b.config.Happened(m, false, *m.Sent)
	default:
		b.config.Happened(m, true, b.clocks.Receive(b.heard(*m.Sent), wall))
	}
}

func (b *Broadcast) deliver(all []Message) {
	for _, m := range all {
		b.config.Deliver(m)
	}
}

// Settled reports whether every other node has acknowledged what this one has for it, and all that was received here has been delivered.
func (b *Broadcast) Settled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.links.Settled() && len(b.unplaced) == 0 && b.order.waiting() == 0
}

// Has says of each node how many of its messages this one has, without a gap.
func (b *Broadcast) Has() logical.Vector {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.has.upTo.Clone()
}

// Counts says how many messages were received, and how many of them delivered.
func (b *Broadcast) Counts() (received, delivered uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	received = uint64(len(b.log))
	return received, received - uint64(b.order.waiting())
}
