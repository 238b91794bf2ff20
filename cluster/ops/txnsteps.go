package ops

// Begin is what a system understands on a Transaction whose clients hold transactions open, see cluster.Interactive. No client does it by
// Do. A history in which somebody does a transaction step by step has the transaction as a whole, as a Txn, and by the process with the
// next number each part:
//
//	step      value a Step; ok with what it read; fail if the store has aborted the transaction
//	commit    as the outcome of the Txn
//	rollback  the client gives the transaction up
const (
	Begin    = "begin"
	OneStep  = "step"
	Commit   = "commit"
	Rollback = "rollback"
)
