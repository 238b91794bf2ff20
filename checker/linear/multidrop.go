package linear

import "slices"

// dropTransactions lists the units of registers that transactions read and write together: one for each transaction that writes. It
// holds the transaction, all that read what it wrote, all that read what those wrote, and so on.
//
// Leaving them out is sound. Take a linearization and strike them out. What is left read values that none of them wrote: the last
// write before such a read, of that register, is left too, and is still the last one. A read of what a register held at first had no
// write before it, and has none now.
func dropTransactions(o *object, c *clock) []unit {
	readers := map[registerValue][]int32{}
	for i := range c.UpTo(len(o.items)) {
		for step := range slices.Chunk(o.lists[o.items[i].want], 3) {
			if step[0] == stepReads {
				at := registerValue{step[1], step[2]}
				readers[at] = append(readers[at], int32(i))
			}
		}
	}
	var units []unit
	held := 0
	for i := range o.items {
		u := unit{items: o.descendants(int32(i), readers, c)}
		if len(u.items) == 0 {
			continue
		}
		if held += len(u.items); held > mostInUnits {
			break
		}
		units = append(units, u)
	}
	return units
}

// registerValue is a value of a register.
type registerValue struct{ register, value int32 }

// descendants are an item that writes and those that depend on it, none if it only reads.
func (o *object) descendants(i int32, readers map[registerValue][]int32, c *clock) []int32 {
	all := []int32{i}
	seen := map[int32]bool{i: true}
	writes := false
	for at := 0; at < len(all); at++ {
		for step := range slices.Chunk(o.lists[o.items[all[at]].want], 3) {
			if c.Spend(1); step[0] != stepWrites {
				continue
			}
			writes = writes || at == 0
			for _, r := range readers[registerValue{step[1], step[2]}] {
				if !seen[r] {
					seen[r] = true
					all = append(all, r)
				}
			}
		}
	}
	if !writes {
		return nil
	}
	return all
}
