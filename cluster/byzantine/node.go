package byzantine

import (
	"encoding/json"
	"sync"
	"time"

	"faultline/cluster/broadcast"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/sim"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/stubborn"
)

// node is the program of a node. It is honest; what it says may be changed on the way by a liar.
type node struct {
	*sim.Process
	thresholds
	caller *rpc.Caller
	resend time.Duration
	links  *stubborn.Links[string, statement]
	lie    func(to string, s statement) []statement // what a node tells another in place of a statement

	mu        sync.Mutex
	sent      uint64
	slots     map[logical.Dot]*slot
	delivered []json.RawMessage
}

// boot starts a node.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	n := &node{Process: p, caller: rpc.NewCaller(p.Host(), port), resend: s.config.Resend, slots: map[logical.Dot]*slot{},
		thresholds: s.mode.thresholds(len(s.Nodes()), s.config.Tolerated), lie: honest}
	if s.lies(p.Node()) {
		n.lie = liar{p.Node(), len(s.Nodes())}.tell
	}
	s.plant(n)
	n.links = stubborn.New(p, n.resend, statement.String, n.transmit)
	return n, rpc.Serve(p, port, n.handle)
}

func honest(_ string, s statement) []statement { return []statement{s} }

// transmit tells a node statements in one request.
func (n *node) transmit(to string, batch []statement) bool {
	var told []statement
	for _, s := range batch {
		told = append(told, n.lie(to, s)...)
	}
	detail := ""
	if len(told) > 0 {
		detail = told[0].String()
	}
	response, err := n.caller.Call(to, rpc.NewRequest("statements", 0, detail, told), 2*n.resend)
	return err == nil && response.Status == rpc.Done
}

func (n *node) handle(from string, q rpc.Request) rpc.Response {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch q.Kind {
	case ops.Broadcast:
		return rpc.With(q, n.broadcast)
	case ops.Deliveries:
		return rpc.With(q, func(from int) rpc.Response { return rpc.Answer(0, "", broadcast.Rest(n.delivered, from)) })
	case "read":
		return rpc.Answer(0, "", kv.Result{}) // a probe: the node serves
	default:
		return rpc.With(q, func(told []statement) rpc.Response {
			for _, s := range told {
				n.hear(from, s)
			}
			return rpc.Answer(0, "", nil)
		})
	}
}

// broadcast begins a message, and answers how many the node had delivered before.
func (n *node) broadcast(value json.RawMessage) rpc.Response {
	n.sent++
	before := len(n.delivered)
	n.say(statement{send, logical.Dot{Node: n.Node(), N: n.sent}, value})
	return rpc.Answer(0, "", before)
}

// say makes a statement to all, this node included. The caller holds mu.
func (n *node) say(s statement) {
	for _, other := range n.Others() {
		n.links.Send(other, s)
	}
	n.hear(n.Node(), s)
}

// hear takes a statement of a node, whose name the network vouches for. The caller holds mu.
func (n *node) hear(from string, s statement) {
	of := n.slots[s.Of]
	if of == nil {
		of = newSlot()
		n.slots[s.Of] = of
	}
	says, delivers := of.hear(from, s, n.thresholds)
	if delivers != nil {
		n.delivered = append(n.delivered, delivers)
	}
	for _, s := range says {
		n.say(s)
	}
}

// Role implements sim.Program.
func (*node) Role() (string, uint64) { return "node", 0 }

// Stop implements sim.Program. All that a node has started ends with its process.
func (*node) Stop() error { return nil }
