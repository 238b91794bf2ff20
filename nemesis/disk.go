package nemesis

import "faultline/cluster"

// Each way in which a disk can be bad is a condition of its own, with an ending of its own.
var (
	diskStuck = diskFault(cluster.StuckDisk, "disk-stuck", "disk-unstuck", "")
	diskError = diskFault(cluster.BadDisk, "disk-error", "disk-mend", deathByPanic)
	diskFull  = diskFault(cluster.FullDisk, "disk-full", "disk-free", deathByPanic)
	diskLying = diskFault(cluster.LyingDisk, "disk-nosync", "disk-sync", "")
)

// deathByPanic is the kind of a death by a write that raft cannot do without.
const deathByPanic = "panic"

func diskFault(kind cluster.DiskFault, begins, ends, widow string) *condition {
	return &condition{
		begins: begins, ends: ends, symbols: anyRunning, kills: widow != "", ofDisk: true, widow: widow, suffers: hasDisks,
		begin: func(r *Runner, _ *condition, n, _ int, _ setting) error {
			return r.faults.Disks.BreakDisk(r.nodes[n], kind)
		},
		end: func(r *Runner, n int) error { return r.faults.Disks.MendDisk(r.nodes[n], kind) },
	}
}

// diskSlow adds to each sync a time of its own and an exponential tail of the mean that may follow it.
var diskSlow = &condition{
	begins: "disk-slow", ends: "disk-fast", symbols: anyRunning, ofDisk: true, suffers: hasDisks,
	words: "; then how much longer a sync takes, and the mean of an exponential tail if it has one, such as 20ms 50ms",
	parse: func(l *line) (s setting, err error) {
		if s.base, err = parseDuration(l, "how much longer a sync takes"); err == nil && l.peek() != "" {
			s.tail, err = parseDuration(l, "the mean of a tail of syncs")
		}
		return s, err
	},
	begin: func(r *Runner, _ *condition, n, _ int, s setting) error {
		return r.faults.Disks.SlowDisk(r.nodes[n], s.base, s.tail)
	},
	end: func(r *Runner, n int) error { return r.faults.Disks.MendDisk(r.nodes[n], cluster.SlowDisk) },
}

// hasDisks asks for processes too: who dies of a bad disk is to be started again.
func hasDisks(f cluster.Faults) bool { return f.Disks != nil && f.Processes != nil }
