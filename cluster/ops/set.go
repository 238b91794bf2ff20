package ops

// A set keeps what is added to it. Its workloads are Jepsen's set and set-full, and Maelstrom's broadcast and g-set.
const (
	// Add adds an element to a set, or a number to a counter.
	//
	//	value   5; for a set unique in the test; for a counter it may be negative
	//	ok      nothing more
	//	fail    it certainly was not and will not be added
	//	info    nobody knows; it may be added later, once
	Add = "add"

	// Increase makes a counter one more, and tells the count.
	//
	//	value   none
	//	ok      the count
	//	fail    it certainly was not and will not be increased
	//	info    nobody knows; it may be increased later, once
	Increase = "inc"
)

// Generate asks for an id that nobody else was given, and never will be.
//
//	value   none
//	ok      the id
//	fail, info   the id is nobody's
const Generate = "generate"
