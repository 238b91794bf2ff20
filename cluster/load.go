package cluster

import "time"

// Load is what clients ask of a system, made heavier. It is the test's own and no part of the system, so that
// whoever conducts the test brings it. The kinds are beside each other. A call takes the place of the one before,
// and what it says holds for the operations that begin from then on.
type Load interface {
	// Burst multiplies the rate of operations, as far as clients that wait for their answers can keep to it; 1 undoes it.
	Burst(factor float64)
	// HotKey has that share of the operations go to one key, beside its own share of the rest; 0 undoes it.
	HotKey(share float64)
	// LargeValues has each value that is written come with so many bytes more; 0 undoes it.
	LargeValues(bytes int)
	// SlowClients adds so many clients that each hold connections, send a few bytes and read a few bytes, and wait so
	// long before the next; 0 of them undoes it. It does not wait until they have gone.
	SlowClients(count int, pace time.Duration)
}
