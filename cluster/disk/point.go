package disk

// Point is a place in what a process does to its disk at which it can be made to die.
type Point string

// The points. A death at LogWrite leaves nothing of the entries that were to be written, one at LogSync
// leaves them, though nobody was told that they are stored.
const (
	LogWrite  Point = "log-write" // before entries are written
	LogSync   Point = "log-sync"  // when entries are written and not yet synced
	VoteWrite Point = "vote"      // between the two writes of a vote, its term and its candidate
	Snapshot  Point = "snapshot"  // when a snapshot is written, before it exists
	Restore   Point = "restore"   // when the state is about to be restored from a snapshot
)

// candidateKey is under which raft keeps for whom it voted, after the term in which it did.
const candidateKey = "LastVoteCand"

// Arm has the process die when it next reaches the point, once. It takes the place of an earlier Arm.
func (d *Disk) Arm(p Point) { d.change(func(f *faults) { f.point = p }) }

// Disarm undoes Arm.
func (d *Disk) Disarm() { d.Arm("") }

// Reach says that the process that has the volume is at a point, where it dies if that is armed. What is left
// of a dead node does not die again. It is exported for the point that the disk does not see: Restore.
func (v *Volume) Reach(p Point) {
	f := v.disk.faults.Load()
	if f == nil || f.point != p || v.cutOff() {
		return
	}
	v.disk.Disarm()
	v.disk.die("crash-at", string(p))
}
