package sim

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"faultline/cluster/report"
	"faultline/cluster/scheduler"
)

// ledger is what processes have said that they must never disagree on.
type ledger struct {
	mu     sync.Mutex
	said   map[string]saying
	broken []report.Violation
}

// saying is what a node was the first to say of something.
type saying struct{ node, is string }

// mostViolations is how many are noted; the first is the one that matters.
const mostViolations = 20

// Agree says what something is, such as of which epoch an entry is. All processes have to say the same of it as the first one
// did; else a rule of the design is broken, and the report says so. What the remains of a dead process say does not count.
func (p *Process) Agree(rule, thing, is string) {
	defer scheduler.Enter().Leave()
	l := &p.cluster.ledger
	if p.Dead() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	was, ok := l.said[thing]
	switch {
	case !ok:
		if l.said == nil {
			l.said = map[string]saying{}
		}
		l.said[thing] = saying{p.Node(), is}
	case was.is != is && len(l.broken) < mostViolations:
		l.broken = append(l.broken, report.Violation{Time: time.Since(p.cluster.start), Node: p.Node(), Rule: rule,
			Text: fmt.Sprintf("%s is %s on %s and %s on %s", thing, was.is, was.node, is, p.Node())})
	}
}

func (l *ledger) violations() []report.Violation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.broken)
}
