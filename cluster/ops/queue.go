package ops

// A queue gives each element to one consumer. Its workload is Jepsen's total-queue.
const (
	// Enqueue appends an element.
	//
	//	value   5, unique in the test
	//	ok      nothing more
	//	fail    it certainly was not and will not be enqueued
	//	info    nobody knows; it may be enqueued later, once
	Enqueue = "enqueue"

	// Dequeue takes the first element.
	//
	//	value   none
	//	ok      the element, or null if the queue was empty
	//	fail    nothing was taken
	//	info    nobody knows; an element may be gone, and then nobody has it
	Dequeue = "dequeue"

	// Drain takes elements until it finds the queue empty.
	//
	//	value   none
	//	ok      the elements, in the order in which they were taken: [1,5,9]
	//	fail    nothing was taken
	//	info    nobody knows; some may be gone
	Drain = "drain"
)
