package disk

import "fmt"

// Part is a part of what a program stores, by the name by which faults know it.
type Part string

// The parts that faults know.
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
	// Drop removes the newest of it, while the node is down, if what is left is enough for the program.
	Drop func() error
}

// flip is one bit that was flipped.
type flip struct {
	part   Part
	repair func() error
}

// Declare says what a part is. It takes the place of an earlier declaration.
func (v *Volume) Declare(p Part, s Stored) {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	v.disk.parts[p] = s
}

// WholeFile is a part that is one file, all of it.
func (v *Volume) WholeFile(name string) Stored {
	d := v.disk
	return Stored{
		Has: func() bool { return d.size(name) > 0 },
		Flip: func(draw func(n int) int) (func() error, error) {
			size := d.size(name)
			if size == 0 {
				return nil, fmt.Errorf("there is nothing in %s", name)
			}
			return d.FlipBit(name, draw(8*int(size)))
		},
	}
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
	if s.Flip == nil {
		return fmt.Errorf("flip a bit in the %s: nothing of that name is stored", p)
	}
	repair, err := s.Flip(d.draw)
	if err != nil {
		return fmt.Errorf("flip a bit in the %s: %w", p, err)
	}
	d.flips = append(d.flips, flip{p, repair})
	return nil
}

// Repair flips back what Flip flipped, as from a mirror of the disk. The node is down.
func (d *Disk) Repair() error {
	for len(d.flips) > 0 {
		f := d.flips[len(d.flips)-1]
		if err := f.repair(); err != nil {
			return fmt.Errorf("repair the %s: %w", f.part, err)
		}
		d.flips = d.flips[:len(d.flips)-1]
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
