package nemesis

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster"
)

// The fake's disks keep what is wrong with them. Bits cannot be flipped in the snapshot of the last node: it
// has none.

func (f *fake) SlowDisk(node string, base, tail time.Duration) error {
	f.log("slow disk %s %v %v", node, base, tail)
	return f.setDisk(node, cluster.SlowDisk, true)
}

func (f *fake) BreakDisk(node string, kind cluster.DiskFault) error {
	f.log("break disk %s: %s", node, kind)
	return f.setDisk(node, kind, true)
}

func (f *fake) MendDisk(node string, kind cluster.DiskFault) error {
	f.log("mend disk %s: %s", node, kind)
	return f.setDisk(node, kind, false)
}

func (f *fake) setDisk(node string, kind cluster.DiskFault, is bool) error {
	n := slices.Index(f.nodes, node)
	if f.bad[n] == nil {
		f.bad[n] = map[cluster.DiskFault]bool{}
	}
	if f.bad[n][kind] == is {
		return fmt.Errorf("contract broken: the disk of %s is %s: %t", node, kind, is)
	}
	f.bad[n][kind] = is
	return nil
}

func (f *fake) HasStored(node, part string) bool {
	return part == "log" || node != f.nodes[len(f.nodes)-1]
}

func (f *fake) FlipBit(node, part string) error {
	f.log("flip bit %s %s", node, part)
	return f.damage(node, part)
}

func (f *fake) Truncate(node, part string) error {
	f.log("truncate %s %s", node, part)
	return f.damage(node, part)
}

func (f *fake) damage(node, part string) error {
	n := slices.Index(f.nodes, node)
	switch {
	case f.states[n] != down:
		return fmt.Errorf("contract broken: damage the files of a node that is %s", f.states[n])
	case !f.HasStored(node, part):
		return fmt.Errorf("contract broken: %s has no %s", node, part)
	}
	f.damaged[n] = true
	return nil
}

func (f *fake) RepairDisk(node string) error {
	f.log("repair disk %s", node)
	n := slices.Index(f.nodes, node)
	f.damaged[n] = false
	return nil
}

func (f *fake) RestartOlder(node string) error {
	f.log("older snapshot for %s", node)
	return f.Restart(node)
}

// untilWrite is when the fake's nodes next write to their logs, a nanosecond after each other. They never come
// to any other point.
const untilWrite = 250*time.Millisecond + 1

func (f *fake) CrashAt(node, point string) error {
	f.log("crash at %s %s", node, point)
	n := slices.Index(f.nodes, node)
	f.armed[n] = point
	if point == "log-write" {
		time.AfterFunc(untilWrite+time.Duration(n), func() { f.die(n) })
	}
	return nil
}

func (f *fake) die(n int) {
	if f.armed[n] != "log-write" || f.states[n] != running {
		return
	}
	f.perish(n, "crash-at", "log-write")
}

func (f *fake) perish(n int, kind, detail string) {
	f.log("%s dies", f.nodes[n])
	f.states[n], f.armed[n] = down, ""
	f.tell(cluster.Death{Node: f.nodes[n], Kind: kind, Detail: detail})
}

func (f *fake) Disarm(node string) error {
	f.log("disarm %s", node)
	f.armed[slices.Index(f.nodes, node)] = ""
	return nil
}

func (f *fake) OnDeath(tell func(cluster.Death)) { f.tell = tell }
