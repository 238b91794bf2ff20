package ops

// Txn is a transaction: a list of steps, of which all or none take effect. There are two kinds.
//
// With Op.Object Transaction, which makes the name "transaction.txn", the steps are on keys of the whole store, Op.Key is empty and
// the operation is what the store calls a transaction, at whatever isolation level. The client may send step by step what it is
// given at once. Every kind of step may come, any key any number of times, and a step sees the writes of those before it.
//
// Without an object the transaction is a single command of the store, as in etcd: it reads and writes registers, none of them twice, and
// Op.Key is a prefix: the key "a" of a step is the key Op.Key + "/" + "a" of the store.
//
//	value   steps, [["r","a",null],["w","b",5]]
//	ok      the same steps, with what they read: [["r","a",3],["w","b",5]]
//	fail    it certainly had and will have no effect, or the store has aborted it; it says nothing of what it read
//	info    nobody knows; its writes may take effect later, together
//
// A transaction that only reads has failed if there is no answer. If the store has revisions, Outcome.LogIndex is the one that the
// transaction made or that it read.
const Txn = "txn"
