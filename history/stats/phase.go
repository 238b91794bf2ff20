package stats

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"

	"faultline/history"
)

// Phase is what the system was going through.
type Phase uint8

const (
	Healthy    Phase = iota // no fault is in effect, nor was one within RecoveryWindow
	Faulty                  // at least one fault is in effect
	NoQuorum                // no node can reach a majority, as far as the system tells: nobody could lead
	Recovering              // the last fault ended less than RecoveryWindow ago
)

// RecoveryWindow is how long a system counts as recovering after its last fault: time to elect a
// leader and to reconnect with the usual time-outs of a second.
const RecoveryWindow = 2 * time.Second

var phaseNames = [...]string{Healthy: "healthy", Faulty: "faulty", NoQuorum: "no-quorum", Recovering: "recovering"}

func (p Phase) String() string {
	if int(p) >= len(phaseNames) {
		return fmt.Sprintf("Phase(%d)", uint8(p))
	}
	return phaseNames[p]
}

// MarshalText makes a Phase its name in JSON.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (p *Phase) UnmarshalText(b []byte) error {
	for q, name := range phaseNames {
		if name == string(b) {
			*p = Phase(q)
			return nil
		}
	}
	return fmt.Errorf("phase %q is not one of healthy, faulty, no-quorum, recovering", b)
}

// Span is a stretch of time: its begin belongs to it, its end does not.
type Span struct{ Begin, End time.Duration }

// span is a stretch of time in one phase.
type span struct {
	phase      Phase
	begin, end time.Duration
}

// phases cuts the time from 0 to end into spans without gaps.
func phases(faults []history.Fault, end time.Duration) []span {
	var spans []span
	now := time.Duration(0)
	until := func(p Phase, t time.Duration) {
		if t = min(t, end); t > now {
			spans = append(spans, span{p, now, t})
			now = t
		}
	}
	began := slices.SortedFunc(slices.Values(faults), func(a, b history.Fault) int { return cmp.Compare(a.Begin, b.Begin) })
	calm := Healthy
	for len(began) > 0 {
		begin, over := began[0].Begin, began[0].End
		for len(began) > 0 && began[0].Begin <= over {
			over = max(over, began[0].End)
			began = began[1:]
		}
		if calm == Recovering {
			until(Recovering, min(now+RecoveryWindow, begin))
		}
		until(Healthy, begin)
		until(Faulty, over)
		calm = Recovering
	}
	if calm == Recovering {
		until(Recovering, now+RecoveryWindow)
	}
	until(Healthy, end)
	return spans
}

// overlay has a phase take the place of others for some time. The stretches of both are in order and apart.
func overlay(spans []span, p Phase, over []Span) []span {
	var all []span
	add := func(p Phase, begin, end time.Duration) {
		if begin < end {
			all = append(all, span{p, begin, end})
		}
	}
	for _, s := range spans {
		for len(over) > 0 && over[0].End <= s.begin {
			over = over[1:]
		}
		now := s.begin
		for _, o := range over {
			if o.Begin >= s.end {
				break
			}
			add(s.phase, now, max(now, o.Begin))
			add(p, max(now, o.Begin), min(o.End, s.end))
			now = min(o.End, s.end)
		}
		add(s.phase, now, s.end)
	}
	return all
}

// phaseAt returns the phase of a moment; what is after the last span counts to it.
func phaseAt(spans []span, t time.Duration) Phase {
	i := sort.Search(len(spans), func(i int) bool { return t < spans[i].end })
	if i < len(spans) {
		return spans[i].phase
	}
	if len(spans) == 0 {
		return Healthy
	}
	return spans[len(spans)-1].phase
}
