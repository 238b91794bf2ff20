package runtime

// faultlineAtOnce is the flag by which the kernel provides all pages of a piece of memory when it is mapped, and not each when it is
// first touched: a world fills its heap before it first collects, and thousands of faults took a noticeable part of its time. Only the
// pieces by which the heap usually grows are mapped so. What is larger is a large object, of which little may ever be touched.
//
//go:nosplit
func faultlineAtOnce(n uintptr, use string) int32 {
	const populate = 0x8000
	if faultlineSeeded && n == pallocChunkBytes && use == "heap" {
		return populate
	}
	return 0
}
