package cluster

import "time"

// Load is what clients ask of a system, made heavier. It belongs to the test and not to the system, so the test
// provides it. The kinds are independent of each other. A call replaces the one before,
// and holds for the operations that begin from then on.
type Load interface {
	// Burst multiplies the rate of operations, as far as clients that wait for their answers can keep to it; 1 undoes it.
	Burst(factor float64)
	// HotKey sends that share of the operations to one key, in addition to its share of the rest; 0 undoes it.
	HotKey(share float64)
	// LargeValues makes each value that is written larger by this many bytes; 0 undoes it.
	LargeValues(bytes int)
	// SlowClients adds count clients that hold connections, send and read a few bytes at a time, and wait for pace in
	// between; a count of 0 undoes it. It does not wait until they have gone.
	SlowClients(count int, pace time.Duration)
}
