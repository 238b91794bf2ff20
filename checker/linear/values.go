package linear

import (
	"math/bits"
	"math/rand/v2"

	"faultline/history"
)

// values numbers the values of an object from 0, which is null, in order of appearance: what is a small
// integer costs an algorithm nothing to store, to compare and to index by.
type values struct {
	ints       []int64                 // number → value, if that is an integer
	exotic     map[int32]history.Value // number → value, if it is not; null is not in it
	others     map[string]int32        // those by their JSON, of which each value has one
	operations int                     // how many there are, by which the tables are sized when they are first needed
	// small numbers the integers from 0 up to the number of operations: values are often consecutive, and then so
	// are the accesses.
	small []int32
	// slots is a hash table for all other integers: open addressing, linear probing, a power of two long
	// and at most half full. A slot holds a number, 0 for free.
	slots []int32
	used  int
	arena *arena
	shift uint
	salt  uint64 // so that nobody can choose integers that collide; numbers do not depend on it
}

// newValues makes tables for the values of some operations.
func newValues(operations int) *values {
	v := makeValues(make([]int64, expectedValues(operations)), operations, new(arena))
	return &v
}

// expectedValues is how many values the operations are expected to have, with some to spare.
func expectedValues(operations int) int { return operations/2 + operations/16 + 2 }

func makeValues(ints []int64, operations int, r *arena) values {
	ints[0] = 0
	return values{ints: ints[:1], salt: rand.Uint64(), operations: operations, arena: r}
}

func (v *values) len() int { return len(v.ints) }

// value is the inverse of number.
func (v *values) value(n int32) history.Value {
	if n == 0 {
		return history.NilValue()
	}
	if value, ok := v.exotic[n]; ok {
		return value
	}
	return history.IntValue(v.ints[n])
}

func (v *values) grow(bits uint) {
	old := v.slots
	v.slots, v.shift = v.arena.take(1<<bits), 64-bits
	for _, n := range old {
		if n != 0 {
			v.slots[v.find(v.ints[n])] = n
		}
	}
}

// find returns the slot of an integer, or the free one that it would come to. The multiplier is that of
// Fibonacci hashing.
func (v *values) find(n int64) int {
	mask := len(v.slots) - 1
	i := v.home(n)
	for v.slots[i] != 0 && v.ints[v.slots[i]] != n {
		i = (i + 1) & mask
	}
	return i
}

// home is where the search for an integer begins.
func (v *values) home(n int64) int { return int((uint64(n) ^ v.salt) * 0x9e3779b97f4a7c15 >> v.shift) }

// warm brings the place into the processor's cache where the integer is found that an operation produces.
// What it returns means nothing. Looking it up waits for the memory, as what is done next depends on what
// is found there; here nothing does, so that many of these accesses are under way at once.
func (v *values) warm(op *history.Operation) int32 {
	n, ok := op.Input.Int()
	if !ok {
		if _, n, ok = op.Input.Pair(); !ok {
			return 0
		}
	}
	switch {
	case uint64(n) < uint64(len(v.small)):
		return v.small[n]
	case len(v.slots) > 0:
		return v.slots[v.home(n)]
	default:
		return 0
	}
}

// number returns the number of a value, a new one if it was not seen before.
func (v *values) number(value history.Value) int32 {
	if n, ok := value.Int(); ok {
		return v.integer(n)
	}
	return v.other(value)
}

// integer is number for integers: of small ones that were seen before, which is what most are, it has little
// to ask.
func (v *values) integer(n int64) int32 {
	if uint64(n) < uint64(len(v.small)) && v.small[n] != 0 {
		return v.small[n]
	}
	if n >= 0 && n < int64(v.operations)+8 {
		return v.addSmall(n)
	}
	return v.lookUp(n)
}

// fewSmall is the length of the table of small integers where there is none beyond: nearly every history has
// a few, such as 0, and the whole table is as long as the history.
const fewSmall = 64

func (v *values) addSmall(n int64) int32 {
	if n >= int64(len(v.small)) {
		before, length := v.small, v.operations+8
		if n < fewSmall {
			length = min(length, fewSmall)
		}
		v.small = v.arena.take(length)
		copy(v.small, before)
	}
	v.small[n] = v.add(n)
	return v.small[n]
}

// lookUp finds an integer in the hash table, or puts it there.
func (v *values) lookUp(n int64) int32 {
	if v.slots == nil {
		v.grow(slotBits(v.operations))
	}
	slot := v.find(n)
	if v.slots[slot] != 0 {
		return v.slots[slot]
	}
	next := v.add(n)
	v.slots[slot] = next
	if v.used++; 2*v.used > len(v.slots) {
		v.grow(64 - v.shift + 1)
	}
	return next
}

// slotBits is the size of the hash table for the values of the operations, as a power of two.
func slotBits(operations int) uint { return uint(max(3, bits.Len(uint(operations)))) }

// other is number for what is no integer.
func (v *values) other(value history.Value) int32 {
	if value.Kind() == history.Nil {
		return 0
	}
	json := value.String()
	if known, ok := v.others[json]; ok {
		return known
	}
	if v.others == nil {
		v.others = map[string]int32{}
	}
	if v.exotic == nil {
		v.exotic = map[int32]history.Value{}
	}
	next := v.add(0)
	v.others[json] = next
	v.exotic[next] = value
	return next
}

func (v *values) add(n int64) int32 {
	v.ints = append(v.ints, n)
	return int32(len(v.ints) - 1)
}

// describe lists values.
func (v *values) describe(list []int32) string {
	all := make([]history.Value, len(list))
	for i, n := range list {
		all[i] = v.value(n)
	}
	return short(history.ListValue(all...))
}
