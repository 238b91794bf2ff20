package nemesis

import (
	"slices"
	"time"
)

// appointment is something that the Runner does at a time of its own, as a part of a longer fault.
type appointment struct {
	at    time.Duration // since the start of the test
	alone bool          // what it does is an event of its own in the schedule that Run resolves to
	do    func() Action // returns that event, if there is one
}

// later makes an appointment for a part of a fault that its event stands for. At one time the earlier made
// comes first.
func (r *Runner) later(d time.Duration, do func()) {
	r.arrange(appointment{at: time.Since(r.start) + d, do: func() Action { do(); return nil }})
}

// laterAlone makes an appointment for what is an event of its own in the schedule that Run resolves to. Events
// come before all appointments of the same time, and so does this one: else the replay of a crash loop and a chase
// that meet would cut off a leader before it is killed, where the run did it afterwards.
func (r *Runner) laterAlone(d time.Duration, do func() Action) {
	r.arrange(appointment{at: time.Since(r.start) + d, alone: true, do: do})
}

func (r *Runner) arrange(a appointment) {
	i := slices.IndexFunc(r.agenda, func(b appointment) bool { return b.at > a.at || b.at == a.at && a.alone && !b.alone })
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
		r.effected(a.at, a.do())
	}
	return true
}
