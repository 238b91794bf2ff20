package ops

// The types of objects that are no registers. An operation on one names the type in Op.Object, as add and read mean one thing
// to a set and another to a counter. A system and a workload name such an operation by both, as Of does. A history has Op.F
// alone, which is Jepsen's name: what the values are tells the rest.
const (
	Set           = "set"
	Queue         = "queue"
	IDs           = "ids"
	Counter       = "counter"
	Bank          = "bank"
	Lock          = "lock"           // a mutex that knows its owner
	ReentrantLock = "reentrant-lock" // its owner may acquire it again, and must release it as often
	FencedLock    = "fenced-lock"    // it may be lost while it is held; a register that it protects knows its tokens
	Semaphore     = "semaphore"
	Transaction   = "transaction" // not an object but all keys of the store, see Txn
)

// Of names an operation on a type of object: "set.add".
func Of(object, f string) string { return object + "." + f }

// Read asks for what an object holds. It changes nothing, so without an answer it has failed.
//
//	value   none; of a bank perhaps the accounts that are to be read one by one, [0,1,2], in place of all at once
//	ok      of a register its value, or null if it is not there; of a set the elements, in ascending order, [1,5,9]; of a counter
//	        the count; of a bank a map from accounts to balances. What was never written is [], 0 or an empty map.
//	fail    there was no answer
const Read = "read"
