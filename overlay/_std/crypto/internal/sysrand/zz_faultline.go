package sysrand

import (
	"syscall"
	_ "unsafe"
)

//go:linkname faultlineRand runtime.rand
func faultlineRand() uint64

// faultlineRead draws from the runtime's generator in a world, and asks the kernel elsewhere.
func faultlineRead(b []byte) error {
	if !syscall.FaultlineIsSeeded() {
		return read(b)
	}
	for i := range b {
		b[i] = byte(faultlineRand() >> 17)
	}
	return nil
}
