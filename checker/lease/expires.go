package lease

import (
	"fmt"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// grace is how long after its TTL a lease may live that nobody renews, in a cluster that is whole: what a cluster has to come back.
const grace = time.Minute

// expires judges the end of the test: keys that should have expired and have not, and keys of which that is not known.
func (l *life) expires(settled time.Duration) (late, unknown []checker.Finding) {
	due, renewed := l.due(settled)
	for _, k := range l.keys {
		if k.op.Outcome == history.Fail {
			continue
		}
		var last *history.Operation
		for _, r := range k.reads {
			if settled > 0 && r.Invoke >= settled {
				last = r
			}
		}
		switch {
		case last == nil:
			unknown = append(unknown, undecided(k, fmt.Sprintf("nobody has read %s in the end, so it is not known whether it expired", k.name)))
		case !found(last):
		case renewed && last.Invoke > due:
			late = append(late, finding("expires", "never expired", k.name, fmt.Sprintf("process %d read %s = %v at %s, although lease %d was last renewed at %s, with a TTL of %s, and everything was healed at %s",
				last.Process, k.name, last.Output, moment(last.Invoke), l.id, moment(l.renewed()), wording.Duration(l.longest()), moment(settled)), k.op, last))
		default:
			unknown = append(unknown, undecided(k, fmt.Sprintf("%s was there at %s, which was too early to tell whether it expires", k.name, moment(last.Invoke)), last))
		}
	}
	return late, unknown
}

func undecided(k *attached, why string, shown ...*history.Operation) checker.Finding {
	f := finding("expires", "", k.name, why, append(shown, k.op)...)
	f.Validity = checker.Unknown
	return f
}

// due is when a lease must have ended, if the cluster was whole from settled on; false if a renewal may still take effect.
func (l *life) due(settled time.Duration) (at time.Duration, ok bool) {
	for _, op := range l.renewals {
		if op.Returned < 0 {
			return 0, false
		}
	}
	return max(settled, l.renewed()) + l.longest() + grace, l.grant != nil
}

// renewed is when the lease may have been renewed for the last time.
func (l *life) renewed() time.Duration {
	var last time.Duration
	if l.grant != nil {
		last = l.grant.Return
	}
	for _, op := range l.renewals {
		if op.Outcome != history.Fail {
			last = max(last, op.Return)
		}
	}
	return last
}

// longest is the largest TTL that the store has told.
func (l *life) longest() time.Duration {
	var d time.Duration
	for _, op := range l.extensions() {
		d = max(d, ttl(op))
	}
	return d
}
