package nemesis

import "time"

// pulse is what a fault does again and again, from its beginning until it is ended.
type pulse struct {
	every time.Duration
	next  time.Duration        // when it is due, since the start of the test
	beat  func(*Runner) Action // returns what Runner.Resolved has to tell of it, if anything
}

// parseEvery reads how often.
func parseEvery(l *line) (time.Duration, error) {
	if err := parseWord(l, "every", "every 300ms"); err != nil {
		return 0, err
	}
	return parseAmountOfTime(l, minInterval)
}

// GoOn has faults that act again and again do so until an instant, counted from the start of the test; else
// they stop at the last event of the schedule. It is called before Run.
func (r *Runner) GoOn(until time.Duration) { r.until = until }

// beatBefore carries out the pulses that are due before an instant. It reports whether the test goes on.
func (r *Runner) beatBefore(end time.Duration, sleep func(time.Duration) bool) bool {
	for {
		p := r.nextPulse()
		if p == nil || p.next >= end {
			return true
		}
		r.at = p.next
		if !sleep(time.Until(r.start.Add(r.at))) {
			return false
		}
		p.next += p.every
		r.keep(r.at, p.beat(r))
	}
}

// nextPulse is the one that is due first; nil if there is none. Of those due at one instant it is the one of
// the first verb.
func (r *Runner) nextPulse() *pulse {
	var first *pulse
	for _, p := range r.pulses {
		if p != nil && (first == nil || p.next < first.next) {
			first = p
		}
	}
	return first
}
