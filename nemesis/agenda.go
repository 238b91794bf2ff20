package nemesis

import (
	"slices"
	"time"
)

// appointment is something that the Runner does at a time of its own, as a part of a longer fault.
type appointment struct {
	at time.Duration // since the start of the test
	do func()
}

// later makes an appointment. At one time the earlier made comes first.
func (r *Runner) later(d time.Duration, do func()) {
	a := appointment{time.Since(r.start) + d, do}
	i := slices.IndexFunc(r.agenda, func(b appointment) bool { return b.at > a.at })
	if i < 0 {
		i = len(r.agenda)
	}
	r.agenda = slices.Insert(r.agenda, i, a)
}

// keep keeps the appointments before a time, sleeping between them; false if sleep was interrupted.
func (r *Runner) keep(before time.Duration, sleep func(time.Duration) bool) bool {
	for len(r.agenda) > 0 && r.agenda[0].at < before {
		a := r.agenda[0]
		r.agenda = r.agenda[1:]
		if !sleep(time.Until(r.start.Add(a.at))) {
			return false
		}
		r.learn()
		a.do()
	}
	return true
}
