package order

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/cases"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
)

// none is no operation, no message or no position.
const none = -1

// message is one that was broadcast, or that a node delivered.
type message struct {
	value  history.Value
	sender int32 // the node that broadcast it; none if that is unknown
	sent   int32 // the operation; none if nobody broadcast it
	before int   // how many messages the sender had delivered then; 0 if that is unknown
}

// delivery is a message that a node delivered, at the earliest position at which it did.
type delivery struct{ position, told int32 }

// node is what is known of one node.
type node struct {
	name      string
	delivered []int32 // the messages, in order
	told      []int32 // the operation that first told of each
	at        map[int32]delivery
	final     int32 // the last operation that has read it to its end; none if nobody has
	asked     int32 // the last that was to
	sent      []int32
}

// record is a history taken apart.
type record struct {
	clock      *timebound.Clock
	operations []history.Operation
	messages   []message
	nodes      []*node
	numbers    map[string]int32 // message → its number
	cases      cases.Cases
	liars      []string // nodes of which nothing is judged
}

// read takes a history apart. It is an error if a value has another shape, or a message was broadcast twice.
func read(in checker.Input, clock *timebound.Clock) (*record, error) {
	r := &record{clock: clock, operations: in.Operations, numbers: map[string]int32{}}
	if in.Report != nil {
		r.liars = in.Report.Byzantine
	}
	for i := range clock.UpTo(len(r.operations)) {
		op := &r.operations[i]
		if op.F != ops.Broadcast {
			continue
		}
		if err := r.sending(int32(i), op); err != nil {
			return nil, fmt.Errorf("process %d's broadcast at %v: %w", op.Process, op.Invoke, err)
		}
	}
	for i := range clock.UpTo(len(r.operations)) {
		op := &r.operations[i]
		if op.F != ops.Deliveries || slices.Contains(r.liars, op.Node()) {
			continue
		}
		if err := r.reading(int32(i), op, in.Final(op)); err != nil {
			return nil, fmt.Errorf("process %d's deliveries at %v: %w", op.Process, op.Invoke, err)
		}
	}
	return r, nil
}

func (r *record) sending(i int32, op *history.Operation) error {
	m := &r.messages[r.number(op.Input)]
	if m.sent != none {
		return fmt.Errorf("%v was broadcast before: a message must be broadcast once", op.Input)
	}
	m.sent = i
	if op.Outcome != history.OK || slices.Contains(r.liars, op.Node()) {
		return nil
	}
	before, err := ops.DecodePosition(op.Output)
	if err != nil {
		return err
	}
	sender := r.node(op.Where())
	m.sender, m.before = sender, before
	r.nodes[sender].sent = append(r.nodes[sender].sent, r.number(op.Input))
	return nil
}

func (r *record) reading(i int32, op *history.Operation, final bool) error {
	answered := op.Outcome == history.OK
	if !answered && !final {
		return nil
	}
	n := r.nodes[r.node(op.Where())]
	if final {
		n.asked = i
	}
	if !answered {
		return nil
	}
	from, err := ops.DecodePosition(op.Input)
	if err != nil {
		return err
	}
	values, err := ops.DecodeDelivered(op.Output)
	if err != nil {
		return err
	}
	r.clock.Spend(len(values))
	if from > len(n.delivered) {
		return fmt.Errorf("it asks from position %d on, and nobody has asked before what %s delivered from position %d on", from, n.name, len(n.delivered))
	}
	for k, v := range values {
		r.deliver(n, from+k, r.number(v), i)
	}
	if final {
		r.ending(n, from+len(values), i)
	}
	return nil
}

// ending notes an answer in the end, when faults are over: then the node has delivered again what it had delivered before it died. Until
// then it may tell of less than it did, as one that starts again learns only from the others how far it may deliver.
func (r *record) ending(n *node, end int, asked int32) {
	if end >= len(n.delivered) {
		n.final = asked
		return
	}
	if told := n.told[end]; r.operations[told].Returned < r.operations[asked].Invoked {
		r.broken(Stability, n.name, []int32{told, asked}, "%s had delivered %v at position %d, and in the end no message there",
			n.name, r.messages[n.delivered[end]].value, end)
	}
}

// deliver notes what a node has at a position.
func (r *record) deliver(n *node, position int, m, op int32) {
	if position < len(n.delivered) {
		if was := n.delivered[position]; was != m {
			r.broken(Stability, n.name, []int32{n.told[position], op}, "%s had delivered %v at position %d, and later %v",
				n.name, r.messages[was].value, position, r.messages[m].value)
		}
		return
	}
	n.delivered, n.told = append(n.delivered, m), append(n.told, op)
	if first, again := n.at[m]; again {
		r.broken(NoDuplication, n.name, []int32{r.messages[m].sent, first.told, op}, "%s delivered %v twice, at positions %d and %d",
			n.name, r.messages[m].value, first.position, position)
		return
	}
	n.at[m] = delivery{int32(position), op}
}

// number is the number of a message.
func (r *record) number(v history.Value) int32 {
	text := v.String()
	i, ok := r.numbers[text]
	if !ok {
		i = int32(len(r.messages))
		r.numbers[text] = i
		r.messages = append(r.messages, message{value: v, sender: none, sent: none})
	}
	return i
}

// node is the number of a node.
func (r *record) node(name string) int32 {
	i := slices.IndexFunc(r.nodes, func(n *node) bool { return n.name == name })
	if i < 0 {
		i = len(r.nodes)
		r.nodes = append(r.nodes, &node{name: name, at: map[int32]delivery{}, final: none, asked: none})
	}
	return int32(i)
}

// who names an operation: "process 7's broadcast".
func (r *record) who(op int32) string {
	return fmt.Sprintf("process %d's %s", r.operations[op].Process, r.operations[op].F)
}

// byName are the nodes in the order of their names.
func (r *record) byName() []*node {
	return slices.SortedFunc(slices.Values(r.nodes), func(a, b *node) int { return cmp.Compare(a.name, b.name) })
}
