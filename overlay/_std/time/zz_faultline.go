package time

import _ "unsafe"

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
