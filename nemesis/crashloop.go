package nemesis

import (
	"time"

	"faultline/cluster"
)

// crashLoop kills a process, starts it again, and so on, each time after the same while. It starts nobody
// whom another fault took down.
var crashLoop = &condition{
	begins: "crash-loop", ends: "crash-loop-end", widow: "crash-loop", symbols: anyRunning, announces: true, kills: true,
	words: "; then how long it is up and how long it is down, such as 300ms", parse: parsePeriod, suffers: hasProcesses,
	begin: func(r *Runner, c *condition, n, _ int, s setting) error {
		r.turn(c, n, r.spells[c.id][n], s.base)
		return nil
	},
	end: func(*Runner, int) error { return nil },
}

// turn kills the process or starts it again, and will do so once more.
func (r *Runner) turn(c *condition, n int, s *spell, every time.Duration) {
	if r.spells[c.id][n] != s {
		return // it was ended
	}
	if r.states[n] == down {
		r.revive(n, c.widow)
	} else {
		_ = r.takeDown(n, c) // its error is that it died at this instant
	}
	r.later(every, func() { r.turn(c, n, s, every) })
}

// rollingRestart kills and starts one node after the other, once around.
var rollingRestart = &condition{
	begins: "rolling-restart", ends: "rolling-restart-end", widow: "rolling-restart", symbols: anyRunning,
	announces: true, fades: true, kills: true,
	words: "; then how long each is down, and up before it is the next one's turn, such as 500ms",
	parse: parsePeriod, suffers: hasProcesses,
	begin: func(r *Runner, c *condition, n, k int, s setting) error {
		mine := r.spells[c.id][n]
		lasts := func() bool { return r.spells[c.id][n] == mine }
		r.later(time.Duration(2*k)*s.base, func() {
			if lasts() && r.states[n] != down {
				_ = r.takeDown(n, c) // its error is that it died at this instant
			}
		})
		r.later(time.Duration(2*k+1)*s.base, func() {
			if lasts() {
				r.spells[c.id][n] = nil
				r.revive(n, c.widow)
			}
		})
		return nil
	},
	end: func(*Runner, int) error { return nil },
}

func parsePeriod(l *line) (s setting, err error) {
	s.base, err = parseDuration(l, "a time")
	return s, err
}

func hasProcesses(f cluster.Faults) bool { return f.Processes != nil }
