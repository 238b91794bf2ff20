package sync

import _ "unsafe"

//go:linkname faultlineLock
func faultlineLock()
