package lease

import (
	"fmt"
	"math"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
)

// bound is an operation that says on which side of it a lease ends, and how that is told.
type bound struct {
	op   *history.Operation
	text string
}

// alive are the operations at whose invocation the lease had not ended: those that found it, or its key, afterwards.
func (l *life) alive() []bound {
	var all []bound
	for _, op := range l.renewals {
		if op.Outcome == history.OK {
			all = append(all, bound{op, fmt.Sprintf("process %d's keep-alive of lease %d was acknowledged", op.Process, l.id)})
		}
	}
	for _, k := range l.keys {
		if k.op.Outcome == history.OK {
			all = append(all, bound{k.op, fmt.Sprintf("process %d's attach of %s to lease %d was acknowledged", k.op.Process, k.name, l.id)})
		}
		for _, r := range k.reads {
			if found(r) {
				all = append(all, bound{r, fmt.Sprintf("process %d read %s = %v", r.Process, k.name, r.Output)})
			}
		}
	}
	return all
}

// ended are the operations at whose return the lease had ended: those that ended it, or that did not find it any more.
func (l *life) ended() []bound {
	var all []bound
	for _, op := range l.revokes {
		if op.Outcome == history.OK {
			all = append(all, bound{op, fmt.Sprintf("process %d's revoke of lease %d", op.Process, l.id)})
		}
	}
	return append(all, l.missing()...)
}

// missing are the operations that did not find the lease, or its key after it had been there.
func (l *life) missing() []bound {
	var all []bound
	told := func(op *history.Operation) {
		if op.Outcome == history.Fail && op.Reason() == ops.LeaseNotFound {
			all = append(all, bound{op, fmt.Sprintf("process %d was told that lease %d does not exist", op.Process, l.id)})
		}
	}
	for _, op := range l.renewals {
		told(op)
	}
	for _, op := range l.revokes {
		told(op)
	}
	for _, k := range l.keys {
		told(k.op)
		there := k.there()
		for _, r := range k.reads {
			if !found(r) && r.Invoked > there {
				all = append(all, bound{r, fmt.Sprintf("process %d did not find %s", r.Process, k.name)})
			}
		}
	}
	return all
}

// there is the position in the history from which on the key had certainly been attached; none if nobody knows that it was.
func (k *attached) there() int32 {
	first := int32(math.MaxInt32)
	if k.op.Outcome == history.OK {
		first = k.op.Returned
	}
	for _, r := range k.reads {
		if found(r) {
			first = min(first, r.Returned)
		}
	}
	return first
}

// revokedBy reports whether a revoke may have taken effect by a position in the history.
func (l *life) revokedBy(position int32) bool {
	for _, op := range l.revokes {
		if op.Outcome != history.Fail && op.Invoked < position {
			return true
		}
	}
	return false
}

// promised is the extension that lasts longest, and until when; nil if there is none.
func (l *life) promised() (longest *history.Operation, until time.Duration) {
	for _, op := range l.extensions() {
		if end := op.Invoke + ttl(op); longest == nil || end > until {
			longest, until = op, end
		}
	}
	return longest, until
}
