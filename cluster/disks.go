package cluster

import "time"

// Disks are the nodes' disks, which can be bad in several ways at once. Beginning a fault that is in effect, or ending one
// that is not, does nothing, except that SlowDisk sets new latencies. A process does not start on a disk that fails, is
// full, stuck or damaged. Errors mean that the caller made a mistake, as for Processes, unless said otherwise.
type Disks interface {
	// SlowDisk makes each sync take longer, by base and an exponential tail of mean tail.
	SlowDisk(node string, base, tail time.Duration) error
	// BreakDisk begins one of the other faults, until MendDisk.
	BreakDisk(node string, kind DiskFault) error
	// MendDisk ends a fault.
	MendDisk(node string, kind DiskFault) error

	// HasStored reports whether there is such a part of what a node stores, such as its "log".
	HasStored(node, part string) bool
	// FlipBit flips a bit in that part of a node that is down.
	FlipBit(node, part string) error
	// Truncate cuts off the end of that part of a node that is down.
	Truncate(node, part string) error
	// RepairDisk undoes what FlipBit and Truncate did to a node that is down.
	RepairDisk(node string) error

	// RestartOlder starts a process that is down without its newest snapshot, as after a restore of files from a backup.
	// What is left must be enough: the snapshot before, or none, and the log from there on. Otherwise the process
	// starts with all that it has.
	RestartOlder(node string) error
}

// DiskFault is a way in which a disk can be bad.
type DiskFault string

// The ways.
const (
	SlowDisk  DiskFault = "slow"
	StuckDisk DiskFault = "stuck" // no sync ends
	BadDisk   DiskFault = "error" // writes fail with an I/O error
	FullDisk  DiskFault = "full"  // writes fail for want of space
	LyingDisk DiskFault = "lying" // nothing is synced: a loss of power loses it, acknowledged or not
)

// Deaths are deaths of processes that nobody killed from outside.
type Deaths interface {
	// CrashAt has the process die at a point, the next time that it gets there; one of those of the kind.
	CrashAt(node, point string) error
	// Disarm undoes CrashAt.
	Disarm(node string) error
	// OnDeath says who is to be told of each death at its instant, on any goroutine. The function must not
	// wait nor call the system.
	OnDeath(func(Death))
}

// Death is the death of a process that nobody killed from outside.
type Death struct {
	Node   string
	Kind   string // crash-at; or panic, of a process that cannot go on
	Detail string // where, or why
}
