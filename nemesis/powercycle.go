package nemesis

import (
	"fmt"

	"faultline/cluster"
	"faultline/history"
)

var powerCycleVerb = verb{
	name:  "power-cycle",
	usage: "power-cycle with " + takes(anyRunning),
	parse: func(l *line) (Action, error) {
		t, err := parseTargets(l, "power-cycle", anyRunning)
		return powerCycle{t}, err
	},
}

// powerCycle ends disk-nosync the hard way. The machines lose their power, all at one instant, so that what
// was not synced is gone, and start at once, with disks that sync.
type powerCycle struct{ targets targets }

func (a powerCycle) String() string { return powerCycleVerb.name + " " + a.targets.String() }

func (a powerCycle) check(f *forecast) error {
	return f.changeCondition(diskLying, a.targets, present, absent, func(n int) {
		f.states[n] |= running // a paused one is started again
	})
}

func (a powerCycle) carryOut(r *Runner) Action {
	chosen := r.afflict(diskLying, powerCycleVerb.name, a.targets, history.Value{}, func(n int) bool { return r.has(diskLying, n) })
	var done []string
	for _, n := range chosen {
		if r.states[n] != down {
			r.loseUnsynced(n)
		}
	}
	for _, n := range chosen {
		name := r.nodes[n]
		if err := r.faults.Disks.MendDisk(name, cluster.LyingDisk); err != nil {
			r.note(powerCycleVerb.name, diskLying.subject(name), history.Value{}, err.Error())
			continue
		}
		r.spells[diskLying.id][n] = nil
		r.note(powerCycleVerb.name, diskLying.subject(name), history.Value{}, "")
		r.revive(n, powerCycleVerb.name)
		done = append(done, name)
	}
	if len(done) == 0 {
		return nil
	}
	return powerCycle{targets{names: done}}
}

func (r *Runner) loseUnsynced(n int) {
	name := r.nodes[n]
	if err := r.faults.Processes.PowerLoss(name); err != nil {
		r.note(powerloss.name, name, history.TextValue(powerCycleVerb.name), fmt.Sprintf("no loss of power: %v", err))
		return
	}
	r.states[n], r.downBy[n] = down, powerCycleVerb.name
	r.note(powerloss.name, name, history.TextValue(powerCycleVerb.name), "")
}
