package http

import _ "unsafe"

//go:linkname faultlineGetHost runtime.faultlineGetHost
func faultlineGetHost() uint64
