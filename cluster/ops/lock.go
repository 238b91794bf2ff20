package ops

// A lock is held by one process at a time, a semaphore by as many as it has permits. The one who holds it is the client, and so the
// process in the history: after an operation that ended in info nobody knows who holds it, and the process is never heard of again.
const (
	// Acquire takes a lock, or a permit of a semaphore. It does not wait.
	//
	//	value   none; for a semaphore how many permits it has in all, the same each time
	//	ok      a fencing token: a number that is larger than that of every holder before, the same again for a lock that is
	//	        acquired again by its holder; or nothing if the store has none
	//	fail    it is not held by this. The error is history.PreconditionFailed if somebody else holds it.
	//	info    nobody knows; it may be held by this process from now on or later, for ever
	Acquire = "acquire"

	// Release gives it back.
	//
	//	value   none
	//	ok      nothing more
	//	fail    it was not released by this. The error is history.PreconditionFailed if the process does not hold it.
	//	info    nobody knows; it may be released later, once
	Release = "release"
)
