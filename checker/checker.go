package checker

import (
	"context"
	"time"

	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
)

// Checker answers one question about a run. It is a function of its input: the same input gives the same answer, unless a bound
// on time cuts it off.
type Checker interface {
	// Name is the name of the part that Check makes.
	Name() string
	// Check keeps to the bounds of the options. When the context ends it may return Unknown, and the caller must discard that
	// answer.
	Check(ctx context.Context, in Input, o Options) Part
}

// Streamed is a checker that sees the operations of a run one by one, and need not have all of them in memory.
type Streamed interface {
	Checker
	// Begin begins a check of a run, with the bounds of the options.
	Begin(context.Context, Options) Pass
}

// Pass is such a check under way.
type Pass interface {
	// Add takes the next event of the history and the operation that it completes, nil if it completes none. It keeps neither.
	Add(*history.Event, *history.Operation)
	// End comes to the answer that Check would have. The input has no operations; pending are those that nothing completed.
	End(ctx context.Context, in Input, pending []history.Operation) Part
}

// Input is all that a verdict is made of. All of it is stored with a run.
type Input struct {
	Operations []history.Operation // in order of invocation
	Faults     []history.Fault     // that took effect
	Statistics stats.Statistics    // of the operations
	Report     *report.Report      // of the system; its messages and logs are not judged, and may be missing
	TimeLimit  time.Duration       // when clients stopped, and everything was healed
	Faulty     bool                // faults were wanted
	Ending
}

// Ending is how a test ended: what became of the cluster once everything was healed.
type Ending struct {
	Served   bool          `json:"served"`           // it served again
	Behind   []string      `json:"behind,omitempty"` // the nodes that did not catch up, though it served
	Settled  time.Duration `json:"settled_ns"`       // from when on replicas had to agree, as writes had ended; since the start
	Virtual  time.Duration `json:"virtual_ns"`       // how much of the world's time passed, from the start to the end
	Resolved string        `json:"resolved"`         // the schedule as it was carried out: nodes for symbols
}

// Final reports whether an operation is one of the last phase of a test, before which replicas had time to agree: it is marked as final, or
// began when all was settled. Where the test says of neither, none is.
func (e Ending) Final(op *history.Operation) bool {
	return op.Final || e.Settled > 0 && op.Invoke >= e.Settled
}
