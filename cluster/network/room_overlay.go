//go:build faultline_overlay

package network

import (
	"syscall"
	"unsafe"
)

// newRoom is memory for n things, which have no pointers. It is not of the heap, whose pages are provided before anybody touches them
// and whose growth has it collected. It is never given back: a world ends with its process.
func newRoom[T any](n int) []T {
	var one T
	b, err := syscall.Mmap(-1, 0, n*int(unsafe.Sizeof(one)), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic("network: no room to record what is written: " + err.Error())
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
