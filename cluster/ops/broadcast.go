package ops

import "faultline/history"

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
	n, err := whole(v, "a number of messages")
	return int(n), err
}

// EncodeDelivered is the answer to a Deliveries.
func EncodeDelivered(messages []history.Value) history.Value { return history.ListValue(messages...) }

// DecodeDelivered is the inverse of EncodeDelivered.
func DecodeDelivered(v history.Value) ([]history.Value, error) {
	return each(v, "what a node has delivered", func(m history.Value) (history.Value, error) { return m, nil })
}
