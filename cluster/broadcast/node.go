package broadcast

import (
	"encoding/json"
	"fmt"
	"strconv"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
)

// node is the application of a broadcast: it keeps what was delivered for clients to read, and applies the commands among it to a
// state, which is state machine replication (Schneider 1990). Nodes that apply the same commands in the same order have the same state.
// In orders that are not total that takes commands that commute, and writes do not.
type node struct {
	*sim.Process
	*Broadcast
	order Order

	monitor   *monitor.Monitor  // of what was delivered
	delivered []json.RawMessage // what clients have broadcast
	events    []event           // what it has sent and received
	state     kv.State
	applied   uint64                     // how many commands
	results   map[logical.Dot]*kv.Result // of this node's clients, until they have them
}

// event is the sending or the receipt of a message. Its value is what a client has broadcast; that of a command is the ID of its message, as
// commands carry clocks too, and what one node knows of another by a command it would seem to know by nothing.
type event struct {
	Received bool            `json:"received"`
	Value    json.RawMessage `json:"value"`
	Clocks   logical.Reading `json:"clocks"`
}

// content is the payload of a message: what a client has broadcast, or a command.
type content struct {
	Value   json.RawMessage `json:"v,omitempty"`
	Command *kv.Command     `json:"c,omitempty"`
}

// boot starts a node from its files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	n := &node{Process: p, order: s.mode.order, monitor: monitor.New(p), state: kv.NewState(), results: map[logical.Dot]*kv.Result{}}
	var err error
	n.Broadcast, err = open(p, Config{Spread: s.mode.spread, Order: s.mode.order, Deliver: n.deliver, Happened: n.happened, Timing: s.config.Timing}, s.plant)
	if err != nil {
		return nil, err
	}
	return n, rpc.Serve(p, clientPort, n.handle)
}

// deliver is told of each message, in order.
func (n *node) deliver(m Message) {
	n.monitor.Lock()
	defer n.monitor.Unlock()
	var c content
	switch err := m.Decode(&c); {
	case err != nil:
		fmt.Fprintf(n.Log(), "[ERROR] broadcast: %v\n", err)
	case c.Command == nil:
		n.delivered = append(n.delivered, c.Value)
	default:
		n.applied++
		if result := n.state.Apply(*c.Command, n.applied); m.ID.Node == n.Node() {
			n.results[m.ID] = &result
		}
	}
	n.monitor.Changed()
}

// happened is told of each message that is sent or received.
func (n *node) happened(m Message, received bool, clocks logical.Reading) {
	var c content
	if m.Decode(&c) != nil {
		return
	}
	if c.Command != nil {
		c.Value = json.RawMessage(strconv.Quote(m.ID.String()))
	}
	n.monitor.Lock()
	defer n.monitor.Unlock()
	n.events = append(n.events, event{received, c.Value, clocks})
}

func (n *node) handle(_ string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case ops.Broadcast:
		return rpc.With(q, n.broadcast)
	case ops.Deliveries:
		return rpc.With(q, func(from int) rpc.Response { return answer(n.monitor, &n.delivered, from) })
	case ops.Stamps:
		return rpc.With(q, func(from int) rpc.Response { return answer(n.monitor, &n.events, from) })
	default:
		return rpc.With(q, n.command)
	}
}

// broadcast sends a client's message, and answers how many the node had delivered before: those happened before it.
func (n *node) broadcast(value json.RawMessage) rpc.Response {
	n.monitor.Lock()
	before := len(n.delivered)
	n.monitor.Unlock()
	id, ok := n.Send(content{Value: value})
	if !ok {
		return rpc.Unsure(0, "died")
	}
	return rpc.Answer(0, id.String(), before)
}

// answer is what there is of a list from a position on.
func answer[T any](m *monitor.Monitor, list *[]T, from int) rpc.Response {
	m.Lock()
	defer m.Unlock()
	rest := Rest(*list, from)
	return rpc.Answer(0, fmt.Sprintf("%d from %d on", len(rest), from), rest)
}

// Rest is a copy of a list from a position on; empty if it is shorter.
func Rest[T any](list []T, from int) []T {
	return append([]T{}, list[min(max(from, 0), len(list)):]...)
}

// command answers when the node has applied a command. Where all nodes apply the same ones in one order a read is one of them, and so
// sees all that was done before it began. Otherwise it sees what this node has.
func (n *node) command(c kv.Command) rpc.Response {
	if c.F == "read" && !n.order.Total() {
		n.monitor.Lock()
		defer n.monitor.Unlock()
		return rpc.Answer(0, "", n.state.Apply(c, 0))
	}
	id, ok := n.Send(content{Command: &c})
	if !ok {
		return rpc.Unsure(0, "died")
	}
	n.monitor.Lock()
	defer n.monitor.Unlock()
	n.monitor.Await(func() bool { return n.results[id] != nil })
	result := n.results[id]
	if result == nil {
		return rpc.Unsure(0, "died")
	}
	delete(n.results, id)
	if !n.order.Total() {
		result.Index = 0 // an order that others do not share is none
	}
	return rpc.Answer(0, id.String(), result)
}

// Role implements sim.Program.
func (n *node) Role() (string, uint64) {
	switch {
	case n.order != Leader:
		return "node", 0
	case n.leader == n.Node():
		return sim.Leader, 0
	default:
		return "follower", 0
	}
}

// Progress implements sim.Replica: what it has received counts as its log, and what it has delivered as applied.
func (n *node) Progress() report.Progress {
	received, delivered := n.Counts()
	return report.Progress{Last: received, Commit: delivered, Applied: delivered}
}

// Stop implements sim.Program. All that a node has started ends with its process.
func (n *node) Stop() error { return nil }
