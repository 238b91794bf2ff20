package disk

import "fmt"

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
	// Truncate is Flip for the end of a file, which it cuts off at a byte that is drawn.
	Truncate func(draw func(n int) int) (repair func() error, err error)
	// Drop removes the newest of it, while the node is down, if what is left is enough for the program.
	Drop func() error
}

// repair undoes some damage.
type repair struct {
	part Part
	undo func() error
}

// Declare says what a part is. It takes the place of an earlier declaration, and of Config.Parts.
func (v *Volume) Declare(p Part, s Stored) {
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
func (d *Disk) Flip(p Part) error { return d.damage("flip a bit in", p, d.declared(p).Flip) }

// Truncate cuts off the end of a file, chosen by chance, of a part of what a node that is down has stored. An error says that
// there is nothing of that part.
func (d *Disk) Truncate(p Part) error { return d.damage("truncate", p, d.declared(p).Truncate) }

func (d *Disk) damage(what string, p Part, do func(draw func(n int) int) (func() error, error)) error {
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
	d.repairs = append(d.repairs, repair{p, undo})
	return nil
}

// Repair undoes what Flip and Truncate did, as from a mirror of the disk. The node is down.
func (d *Disk) Repair() error {
	for len(d.repairs) > 0 {
		last := d.repairs[len(d.repairs)-1]
		if err := last.undo(); err != nil {
			return fmt.Errorf("repair the %s: %w", last.part, err)
		}
		d.repairs = d.repairs[:len(d.repairs)-1]
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
