package http

import (
	"strconv"
	_ "unsafe" // for go:linkname
)

//go:linkname faultlineGetHost runtime.faultlineGetHost
func faultlineGetHost() uint64

// faultlineOfHost tells apart what is known of an address by the host whose goroutine asks; empty outside of a world.
func faultlineOfHost() string {
	n := faultlineGetHost()
	if n == 0 {
		return ""
	}
	return " from host " + strconv.FormatUint(n, 10)
}
