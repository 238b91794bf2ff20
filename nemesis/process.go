package nemesis

import "faultline/cluster"

var processes = aspect{
	now:      func(r *Runner) []states { return r.states },
	possible: func(f *forecast) []states { return f.states },
	subject:  func(node string) string { return node },
}

var anyRunning = []symbol{theLeader, one, minority, majority, all}

var crash = nodeVerb{
	name: "crash", of: &processes, from: running | paused, to: down, begins: true, symbols: anyRunning,
	call: func(f cluster.Faults) func(string) error {
		if f.Processes == nil {
			return nil
		}
		return f.Processes.Crash
	},
}

var powerloss = nodeVerb{
	name: "powerloss", of: &processes, from: running | paused, to: down, begins: true, symbols: anyRunning,
	call: func(f cluster.Faults) func(string) error {
		if f.Processes == nil {
			return nil
		}
		return f.Processes.PowerLoss
	},
}

var restart = nodeVerb{
	name: "restart", of: &processes, from: down, to: running, heals: true,
	symbols: []symbol{one, minority, majority, all}, // a node that is down does not lead
	call: func(f cluster.Faults) func(string) error {
		if f.Processes == nil {
			return nil
		}
		return f.Processes.Restart
	},
}

var pause = nodeVerb{
	name: "pause", of: &processes, from: running, to: paused, begins: true, symbols: anyRunning,
	call: func(f cluster.Faults) func(string) error {
		if f.Pauses == nil {
			return nil
		}
		return f.Pauses.Pause
	},
}

var resume = nodeVerb{
	name: "resume", of: &processes, from: paused, to: running, heals: true,
	symbols: anyRunning, // a paused leader may not have been deposed
	call: func(f cluster.Faults) func(string) error {
		if f.Pauses == nil {
			return nil
		}
		return f.Pauses.Resume
	},
}
