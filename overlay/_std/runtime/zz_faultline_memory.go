package runtime

import "unsafe"

// faultlineProvide has the kernel provide all pages of a piece of the heap when it is mapped, as huge ones where it has them, and not
// each when it is first touched: a world fills its heap before it first collects, and thousands of faults took a noticeable part of
// its time. Only the pieces by which the heap usually grows are provided so. What is larger is a large object, of which little may ever
// be touched. A kernel that refuses provides them as ever.
func faultlineProvide(at unsafe.Pointer, n uintptr, use string) {
	const hugePages, populate = 14, 23 // MADV_HUGEPAGE, MADV_POPULATE_WRITE
	if faultlineSeeded && n == pallocChunkBytes && use == "heap" {
		madvise(at, n, hugePages)
		madvise(at, n, populate)
	}
}
