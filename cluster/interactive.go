package cluster

import (
	"time"

	"faultline/cluster/ops"
)

// Interactive is a Client that can do a transaction step by step, as an application does whose next statement depends on the
// answer to the last. Package procedures makes operations of that. What the transactions of several clients do is as concurrent as the
// store allows: a step may have to wait for a lock.
type Interactive interface {
	Client
	// Begin opens a transaction. Until it has ended the client is used for nothing else.
	Begin(TransactionOptions) Transaction
}

// TransactionOptions are known of a transaction when it begins.
type TransactionOptions struct {
	ReadOnly bool          // no step will write, so that a store may serve it from a replica
	Padding  int           // of the values that it writes, as in Op
	Pace     time.Duration // of its requests, as in Op
}

// Transaction is one that is open. It has ended when Commit or Rollback has returned, or anything has failed: then nothing of it
// takes effect, and Outcome.Error says why, such as for a deadlock. Each call returns within a bounded time and is called
// when the one before has returned.
type Transaction interface {
	// Step does a step. Outcome.Value is what it read. After info, when nobody knows whether it was done, Rollback follows.
	Step(ops.Step) Outcome
	// Commit makes all steps take effect. After info nobody knows whether they do.
	Commit() Outcome
	// Rollback makes none of them take effect, whatever its outcome is, but it need not be at once.
	Rollback() Outcome
}
