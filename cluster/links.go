package cluster

import "time"

// Impairments make directed links between nodes worse than they are by themselves. The kinds are independent of
// each other. Each call holds for what is sent from then on, and zeros undo it.
//
// Bytes still arrive once and in order, or their connection fails: an application on TCP sees no gap, no
// byte twice and no two bytes of a connection change places.
type Impairments interface {
	// Delay adds base and an exponential tail of mean jitter to the time a segment takes.
	Delay(from, to string, base, jitter time.Duration)
	// Lose has a share of transmissions lost, from 0 to less than 1. They are repeated when the sender's timer
	// expires, and what follows on the same connection waits.
	Lose(from, to string, share float64)
	// Limit bounds how many bytes a second the link passes on. The rest waits in a queue.
	Limit(from, to string, bytesPerSecond int64)
	// Reorder holds every second segment, by chance, for up to so long. Connections overtake each other.
	Reorder(from, to string, hold time.Duration)
}

// Resets break established connections at an instant, as a firewall does that has lost its table: both ends
// get ECONNRESET, and what was in flight is lost. New connections can be made at once.
type Resets interface {
	// Reset breaks all connections of a node, those of clients included.
	Reset(node string)
	// ResetBetween breaks those between two nodes.
	ResetBetween(a, b string)
}

// Duplicates repeat attempts to connect. It is the only trace that doubled packets leave above TCP, where
// something on the way takes part in the handshake: a connection that is accepted, brings no bytes and ends.
type Duplicates interface {
	// Duplicate has a share of the connections made to a node, by nodes and clients, made once more. 0 undoes it.
	Duplicate(node string, share float64)
}
