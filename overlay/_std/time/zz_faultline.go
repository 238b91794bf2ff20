package time

import (
	"syscall"
	_ "unsafe"
)

// faultlineStart is the instant from which monotonic times are counted: in the process of a world that at which its bubble begins.
func faultlineStart() int64 {
	const bubble = 946684800e9
	if syscall.FaultlineIsSeeded() && !syscall.FaultlineGuest {
		return bubble - 1
	}
	return runtimeNano() - 1
}

//go:linkname faultlineGetHost runtime.faultlineGetHost
func faultlineGetHost() uint64

//go:linkname faultlineSetHost runtime.faultlineSetHost
func faultlineSetHost(n uint64)

// faultlineOfHost has f run as a goroutine of the host that asks for it: those that timers start inherit nothing.
func faultlineOfHost(f func()) func() {
	n := faultlineGetHost()
	if n == 0 {
		return f
	}
	return func() {
		faultlineSetHost(n)
		f()
	}
}
