//go:build faultline_overlay

package guest

import (
	"net"
	"sync"
	"time"
	_ "unsafe" // for go:linkname

	"faultline/cluster/network"
	"faultline/cluster/scheduler"
)

//go:linkname setHostWall runtime.faultlineSetHostWall
func setHostWall(n uint64, offset int64)

//go:linkname setDied runtime.faultlineSetDied
func setDied(f func(host uint64, code int))

// local are the hosts whose code runs in this process, by the number that their goroutines bear.
var local struct {
	mu        sync.Mutex
	hosts     map[scheduler.Host]*stack
	processes map[scheduler.Host]*Local // of those that have one
	numbers   map[*network.Host]scheduler.Host
	names     names
}

// On runs f in this goroutine as code of a host: package net is the host's network, and so it is for all goroutines that come of f.
func On(h *network.Host, f func()) { number(h).On(f) }

// Go runs f as code of a host on a new goroutine. If f panics, the host's process dies of it.
func Go(h *network.Host, f func()) { number(h).Go(f) }

// Off ends all goroutines that belong to a host: they never run again. It is not called by one of them.
func Off(h *network.Host) {
	local.mu.Lock()
	n := local.numbers[h]
	delete(local.numbers, h)
	delete(local.hosts, n)
	local.mu.Unlock()
	if n != scheduler.World {
		n.End()
		h.Kill()
	}
}

// number is that of a host, which is new perhaps.
func number(h *network.Host) scheduler.Host {
	local.mu.Lock()
	defer local.mu.Unlock()
	if n := local.numbers[h]; n != scheduler.World {
		return n
	}
	if local.hosts == nil {
		local.hosts, local.processes, local.numbers = map[scheduler.Host]*stack{}, map[scheduler.Host]*Local{}, map[*network.Host]scheduler.Host{}
		net.Faultline = stacks{}
	}
	n := scheduler.New()
	local.hosts[n] = &stack{host: h, own: net.IP(local.names.address(h.Name()).AsSlice())}
	local.numbers[h] = n
	return n
}

// here is the network stack of the host that this goroutine belongs to; nil if it belongs to none.
func here() *stack {
	local.mu.Lock()
	defer local.mu.Unlock()
	return local.hosts[scheduler.Here()]
}

// Now is the time of the world, whoever asks: no clock of a host is off by anything then.
func Now() time.Time {
	defer scheduler.Enter().Leave()
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
