// Package scheduler says whose goroutines may run, in the process of a world that was built with the overlay (package overlay).
// Each goroutine belongs to a host, or to the world, and what it starts belongs to the same: goroutines, and the functions of its
// timers. Those of a host can be held, and ended, whatever they do and wait for. They stop between two steps, where another
// goroutine would have run: at a channel, a timer or a mutex.
//
// The world's own code, such as the network, the disks and the records, is to hosts what a kernel is to processes. It is entered by Enter,
// and goes on while the host is held, or after its end; the goroutine stops in Leave. So no host is held while it has a mutex of the world.
//
// In a program that was built without the overlay all goroutines are the world's, and Enter and Leave do nothing.
package scheduler

import "time"

// Host is the number of a host in this process.
type Host uint64

// World is no host: the world itself.
const World Host = 0

// Jitter delays goroutines of hosts: one of One times, by up to Most. The zero value delays none.
type Jitter struct {
	One  uint32
	Most time.Duration
}
