package disk

import (
	"fmt"
	"slices"

	"faultline/cluster/scheduler"
)

// Part is a part of what a program stores, by the name by which faults know it.
type Part string

// The parts that faults know of most programs.
const (
	LogPart      Part = "log"      // an entry of the log
	SnapshotPart Part = "snapshot" // the state in the newest snapshot
)

// Stored is a part as its program knows it, for those who damage it. All of it is about the disk, and outlives the
// incarnation that declares it. What is nil cannot be done.
type Stored struct {
	// Has reports whether there is such a part. It may be asked while a node has the disk open.
	Has func() bool
	// Flip flips one bit, drawn, while the node is down, and returns what flips it back. An error says that there is
	// nothing of that part.
	Flip func(draw func(n int) int) (repair func() error, err error)
	// InPlace says that what flips a bit back may do so while a node has the disk open.
	InPlace bool
	// Truncate is Flip for the end of a file, which it cuts off at a byte that is drawn.
	Truncate func(draw func(n int) int) (repair func() error, err error)
	// Drop removes the newest of it, while the node is down, if what is left is enough for the program.
	Drop func() error
}

// repair undoes some damage.
type repair struct {
	part    Part
	undo    func() error
	inPlace bool // it may be done while a node has the disk open
}

// Declare says what a part is. It takes the place of an earlier declaration, and of Config.Parts.
func (v *Volume) Declare(p Part, s Stored) {
	defer scheduler.Enter().Leave()
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	v.disk.parts[p] = s
}

func (d *Disk) declared(p Part) Stored {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.parts[p]
}

// Has reports whether there is such a part. It may be asked while a node has the disk open.
func (d *Disk) Has(p Part) bool {
	s := d.declared(p)
	return s.Has != nil && s.Has()
}

// Flip flips one bit, chosen by chance, in a part of what a node that is down has stored. An error says that there is
// nothing of that part.
func (d *Disk) Flip(p Part) error {
	s := d.declared(p)
	return d.damage("flip a bit in", p, s.Flip, s.InPlace)
}

// Truncate cuts off the end of a file, chosen by chance, of a part of what a node that is down has stored. An error says that
// there is nothing of that part.
func (d *Disk) Truncate(p Part) error { return d.damage("truncate", p, d.declared(p).Truncate, false) }

func (d *Disk) damage(what string, p Part, do func(draw func(n int) int) (func() error, error), inPlace bool) error {
	switch {
	case d.declared(p).Has == nil:
		return fmt.Errorf("%s the %s: nothing of that name is stored", what, p)
	case do == nil:
		return fmt.Errorf("%s the %s: it is no file of its own", what, p)
	}
	undo, err := do(d.draw)
	if err != nil {
		return fmt.Errorf("%s the %s: %w", what, p, err)
	}
	d.repairs = append(d.repairs, repair{p, undo, inPlace})
	return nil
}

// Repair undoes what Flip and Truncate did, as from a mirror of the disk. The node is down.
func (d *Disk) Repair() error { return d.repair(func(repair) bool { return true }) }

// RepairInPlace undoes what can be undone while a node has the disk open: bits that were flipped in files, unless they were
// written meanwhile. A node that has read them knows them as they were; one that reads them later does not find them flipped.
func (d *Disk) RepairInPlace() error { return d.repair(func(r repair) bool { return r.inPlace }) }

// repair undoes the damage that is wanted, the latest first.
func (d *Disk) repair(wanted func(repair) bool) error {
	var left []repair
	defer func() { d.repairs = left }()
	for i, r := range slices.Backward(d.repairs) {
		if !wanted(r) {
			left = slices.Insert(left, 0, r)
			continue
		}
		if err := r.undo(); err != nil {
			left = append(slices.Clone(d.repairs[:i+1]), left...)
			return fmt.Errorf("repair the %s: %w", r.part, err)
		}
	}
	return nil
}

// Drop removes the newest of a part from what a node that is down has stored, such as its newest snapshot, if it can do
// without. Else it leaves it.
func (d *Disk) Drop(p Part) error {
	if s := d.declared(p); s.Drop != nil {
		return s.Drop()
	}
	return nil
}

func (d *Disk) draw(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.config.FaultRand.IntN(n)
}
