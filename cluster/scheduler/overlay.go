//go:build faultline_overlay

package scheduler

import (
	"sync/atomic"
	"syscall"
	"time"
	_ "unsafe" // for go:linkname
)

// Built says that this program was built with the overlay.
const Built = true

//go:linkname getHost runtime.faultlineGetHost
func getHost() uint64

//go:linkname setHost runtime.faultlineSetHost
func setHost(n uint64)

//go:linkname setState runtime.faultlineSetState
func setState(n uint64, state uint8)

//go:linkname delay syscall.faultlineDelay
func delay()

// What the goroutines of a host may do, as the runtime knows it.
const (
	runs = iota
	held
	ended
)

// Holds reports whether hosts can be held: this process was started for a world, and its seed decides what runs when.
func Holds() bool { return syscall.FaultlineIsSeeded() }

var last atomic.Uint64

// New returns a host that no goroutine belongs to.
func New() Host { return Host(last.Add(1)) }

// Here is the host that this goroutine belongs to.
func Here() Host { return Host(getHost()) }

// Go runs f on a new goroutine of the host.
func (h Host) Go(f func()) {
	go func() {
		setHost(uint64(h)) // for good: what On undoes is undone before a panic ends the goroutine
		f()
	}()
}

// On runs f in this goroutine as code of the host.
func (h Host) On(f func()) {
	defer Host(getHost()).Leave()
	setHost(uint64(h))
	f()
}

// Hold has no goroutine of the host run until Release. A timer that is due meanwhile has its effect then.
func (h Host) Hold() { setState(uint64(h), held) }

// Release undoes Hold. What could have run meanwhile runs in that order.
func (h Host) Release() { setState(uint64(h), runs) }

// End has no goroutine of the host ever run again. Nothing that it has deferred is done, and what it has locked stays so.
func (h Host) End() { setState(uint64(h), ended) }

// Enter has this goroutine belong to the world until Leave is called on what it returns. As a statement it is
//
//	defer scheduler.Enter().Leave()
func Enter() Host {
	h := getHost()
	setHost(uint64(World))
	return Host(h)
}

// Call is Enter for what changes something that outlasts the host. The goroutine may be delayed before it: see SetJitter.
func Call() Host {
	delay()
	return Enter()
}

// Leave undoes Enter. If the host is held it returns when it is released, and if it has ended never.
func (h Host) Leave() { setHost(uint64(h)) }

// SetJitter has goroutines of hosts wait before they take a mutex, and before a Call or a system call that changes a file. It concerns all hosts
// of the process.
func SetJitter(locks, calls Jitter) {
	for place, d := range []Jitter{locks, calls} {
		if d.One > 0 {
			syscall.FaultlineSetJitter(place, d.One, uint32(max(d.Most, time.Microsecond)))
		}
	}
}
