package disk

import "faultline/cluster/scheduler"

// Point is a place in what a process does at which it can be made to die. Programs name their own.
type Point string

// Arm has the process die when it next reaches the point, once. It takes the place of an earlier Arm.
func (d *Disk) Arm(p Point) { d.change(func(f *faults) { f.point = p }) }

// Disarm undoes Arm.
func (d *Disk) Disarm() { d.Arm("") }

// Reach says that the process that has the volume is at a point, where it dies if that is armed. What is left of a dead
// node does not die again.
func (v *Volume) Reach(p Point) {
	defer scheduler.Enter().Leave()
	f := v.disk.faults.Load()
	if f == nil || f.point != p || v.cutOff() {
		return
	}
	v.disk.Disarm()
	v.disk.die("crash-at", string(p))
}

// Die says that the process that has the volume cannot go on, and dies. What is left of a dead node does not die again.
func (v *Volume) Die(kind, detail string) {
	defer scheduler.Enter().Leave()
	if !v.cutOff() {
		v.disk.die(kind, detail)
	}
}
