//go:build faultline_overlay

package guest

import (
	"net"
	"sync"
	"time"
	_ "unsafe" // for go:linkname

	"faultline/cluster/network"
)

// Built says that this program was built with the overlay.
const Built = true

//go:linkname getHost runtime.faultlineGetHost
func getHost() uint64

//go:linkname setHost runtime.faultlineSetHost
func setHost(n uint64)

//go:linkname setState runtime.faultlineSetState
func setState(n uint64, state uint8)

//go:linkname setHostWall runtime.faultlineSetHostWall
func setHostWall(n uint64, offset int64)

//go:linkname setDied runtime.faultlineSetDied
func setDied(f func(host uint64, code int))

// What the goroutines of a host may do, as the runtime knows it.
const (
	runs = iota
	paused
	dead // they never run again
)

// world is the number of those that belong to no host.
const world = 0

// local are the hosts whose code runs in this process, by the number that their goroutines bear.
var local struct {
	mu        sync.Mutex
	hosts     map[uint64]*stack
	processes map[uint64]*Local // of those that have one
	numbers   map[*network.Host]uint64
	last      uint64
	names     names
}

// On runs f in this goroutine as code of a host: package net is the host's network, and so it is for all goroutines that come of f.
func On(h *network.Host, f func()) {
	before := getHost()
	setHost(number(h))
	defer setHost(before)
	f()
}

// Go runs f as code of a host on a new goroutine. If f panics, the host's process dies of it.
func Go(h *network.Host, f func()) {
	n := number(h)
	go func() {
		setHost(n) // for good: what On undoes is undone before a panic ends the goroutine
		f()
	}()
}

// Off ends all goroutines that belong to a host: they never run again. It is not called by one of them.
func Off(h *network.Host) {
	local.mu.Lock()
	n := local.numbers[h]
	delete(local.numbers, h)
	delete(local.hosts, n)
	local.mu.Unlock()
	if n != world {
		setState(n, dead)
		h.Kill()
	}
}

// number is that of a host, which is new perhaps.
func number(h *network.Host) uint64 {
	local.mu.Lock()
	defer local.mu.Unlock()
	if n := local.numbers[h]; n != 0 {
		return n
	}
	if local.hosts == nil {
		local.hosts, local.processes, local.numbers = map[uint64]*stack{}, map[uint64]*Local{}, map[*network.Host]uint64{}
		net.Faultline = stacks{}
	}
	local.last++
	local.hosts[local.last] = &stack{host: h, own: net.IP(local.names.address(h.Name()).AsSlice())}
	local.numbers[h] = local.last
	return local.last
}

// here is the network stack of the host that this goroutine belongs to; nil if it belongs to none.
func here() *stack {
	local.mu.Lock()
	defer local.mu.Unlock()
	return local.hosts[getHost()]
}

// outside has this goroutine belong to the world until back is called. What the network and the disk do for a host goes on while
// its process is paused, or dead; the goroutine waits in back then.
func outside() (back func()) {
	n := getHost()
	setHost(world)
	return func() { setHost(n) }
}

// Now is the time of the world, whoever asks: no clock of a host is off by anything then.
func Now() time.Time {
	defer outside()()
	return time.Now()
}

// instant is an instant in the world's time that a host has given in its own, which its wall clock may mistake. The zero time
// stays so.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	left := time.Until(t) // by the monotonic clock, if the host has taken the time from now
	return Now().Add(left)
}
