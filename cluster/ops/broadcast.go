package ops

import (
	"maps"
	"slices"
	"time"

	"faultline/cluster/logical"
	"faultline/history"
)

// Nodes that broadcast deliver messages to applications. A client is the application at the node near which it is, so it asks that
// node and no other.
const (
	// Broadcast sends a message to all nodes, the client's own included.
	//
	//	value   5       unique in the test
	//	ok      12      the node will broadcast it. It had delivered so many messages when it was asked to.
	//	fail    it was not and will not be broadcast
	//	info    nobody knows
	Broadcast = "broadcast"

	// Deliveries asks what the node has delivered, from the n-th message on; the first is 0. It changes nothing.
	//
	//	value   n
	//	ok      the messages, in the order in which the node has delivered them: [5,9,7]; [] if it has delivered no more than n
	//	fail    the node did not answer
	Deliveries = "deliveries"
)

// DecodePosition reads the argument of a Deliveries, or the answer to a Broadcast. The error says what the value is instead.
func DecodePosition(v history.Value) (int, error) {
	n, err := count(v, "a number of messages")
	return int(n), err
}

// EncodeDelivered is the answer to a Deliveries.
func EncodeDelivered(messages []history.Value) history.Value { return history.ListValue(messages...) }

// DecodeDelivered is the inverse of EncodeDelivered.
func DecodeDelivered(v history.Value) ([]history.Value, error) {
	return each(v, "what a node has delivered", func(m history.Value) (history.Value, error) { return m, nil })
}

// Stamps asks which messages the node has sent and received, from the n-th such event on; the first is 0. It changes nothing.
//
//	value   n
//	ok      a list of Stamped events, in the order in which they happened on the node
//	fail    the node did not answer
const Stamps = "stamps"

// Stamped is an event: the sending of a message, or its first receipt by a node, with what the node's clocks showed then.
type Stamped struct {
	Received bool // otherwise it was sent
	Message  history.Value
	Clocks   logical.Reading
}

// Encode is the event as a value: [received, message, lamport, [[node, count], …], hybrid wall, hybrid count, wall], with times in
// nanoseconds.
func (e Stamped) Encode() history.Value {
	r, received := e.Clocks, int64(0)
	if e.Received {
		received = 1
	}
	var vector []history.Value
	for _, node := range slices.Sorted(maps.Keys(r.Vector)) {
		vector = append(vector, history.ListValue(history.TextValue(node), history.IntValue(int64(r.Vector[node]))))
	}
	return history.ListValue(history.IntValue(received), e.Message, history.IntValue(int64(r.Lamport)), history.ListValue(vector...),
		history.IntValue(int64(r.Hybrid.Wall)), history.IntValue(int64(r.Hybrid.Count)), history.IntValue(int64(r.Wall)))
}

// DecodeStamped is the inverse of Stamped.Encode. The error says what the value is instead.
func DecodeStamped(v history.Value) (Stamped, error) {
	parts, err := fields(v, 7, "an event")
	if err != nil {
		return Stamped{}, err
	}
	var n [7]int64
	for _, i := range []int{0, 2, 4, 5, 6} {
		if n[i], err = whole(parts[i], "a part of an event"); err != nil {
			return Stamped{}, err
		}
	}
	e := Stamped{Received: n[0] == 1, Message: parts[1], Clocks: logical.Reading{Lamport: logical.Lamport(n[2]), Vector: logical.Vector{},
		Hybrid: logical.Hybrid{Wall: time.Duration(n[4]), Count: uint32(n[5])}, Wall: time.Duration(n[6])}}
	_, err = each(parts[3], "a vector clock", func(v history.Value) (struct{}, error) {
		pair, err := fields(v, 2, "an entry of a vector clock")
		if err != nil {
			return struct{}{}, err
		}
		node, err := text(pair[0], "a node")
		if err != nil {
			return struct{}{}, err
		}
		events, err := count(pair[1], "a count of events")
		e.Clocks.Vector[node] = uint64(events)
		return struct{}{}, err
	})
	return e, err
}

// EncodeStamps is the answer to a Stamps.
func EncodeStamps(all []Stamped) history.Value { return list(all) }

// DecodeStamps is the inverse of EncodeStamps.
func DecodeStamps(v history.Value) ([]Stamped, error) {
	return each(v, "the events of a node", DecodeStamped)
}
