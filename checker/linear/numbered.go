package linear

import (
	"math/bits"
	"math/rand/v2"
	"slices"
)

// numbered is a set of lists of numbers, each of which has a number of its own, so that a machine's state or a search's
// configuration can be one of them. There may be millions. So they lie in a few blocks without pointers, which the garbage
// collector need not look into, and every byte counts towards the allowance.
//
// The number of a list is the place at which it begins, counted over all blocks. Places do not depend on the hash
// function, whose salt keeps anybody from choosing lists that collide.
type numbered struct {
	allowance *allowance
	blocks    [][]int32 // block b has the places from b<<blockBits; one that is longer stands for several
	end       int       // the next free place
	slots     []slot    // a hash table: open addressing, a power of two long and at most three quarters full
	count     int
	salt      uint64
	bytes     int // taken
}

// slot is an entry of the table: the place of a list, from 1, and a part of its hash.
type slot struct{ place, tag uint32 }

const (
	blockBits  = 14 // 64 KiB
	firstBlock = 64 // numbers: most searches are small
	firstSlots = 16
)

// number returns the number of a list, which it copies, and whether it is new.
func (n *numbered) number(list []int32) (place int32, fresh bool) {
	n.allowance.spend(1 + len(list)/8)
	if 4*(n.count+1) > 3*len(n.slots) {
		n.grow()
	}
	hash := n.hash(list)
	tag := uint32(hash)
	for i := n.home(hash); ; i = (i + 1) & (len(n.slots) - 1) {
		switch s := &n.slots[i]; {
		case s.place == 0:
			place = n.add(list)
			n.slots[i] = slot{uint32(place) + 1, tag}
			n.count++
			return place, true
		case s.tag == tag && slices.Equal(n.list(int32(s.place-1)), list):
			return int32(s.place - 1), false
		}
	}
}

// list is the inverse of number. It must not be changed.
func (n *numbered) list(place int32) []int32 {
	block := n.blocks[place>>blockBits][place&(1<<blockBits-1):]
	return block[1 : 1+block[0] : 1+block[0]]
}

// add puts a list behind the others.
func (n *numbered) add(list []int32) int32 {
	need := 1 + len(list)
	if n.free() < need {
		n.extend(need)
	}
	place := n.end
	block := n.blocks[place>>blockBits][place&(1<<blockBits-1):]
	block[0] = int32(len(list))
	copy(block[1:], list)
	n.end += need
	return int32(place)
}

// free is how many places are left in the last block.
func (n *numbered) free() int {
	if n.end>>blockBits >= len(n.blocks) {
		return 0
	}
	return len(n.blocks[n.end>>blockBits]) - n.end&(1<<blockBits-1)
}

// extend makes room for a list. The first block grows until it has the size of the others.
func (n *numbered) extend(need int) {
	if only := len(n.blocks) <= 1 && n.end+need <= 1<<blockBits; only {
		size := max(firstBlock, 1<<bits.Len(uint(n.end+need-1)))
		n.take(4 * size)
		block := make([]int32, size)
		if len(n.blocks) == 1 {
			n.take(-4 * len(n.blocks[0]))
			copy(block, n.blocks[0])
		}
		n.blocks = append(n.blocks[:0], block)
		return
	}
	n.end = len(n.blocks) << blockBits
	if n.end+need > 1<<31-1 {
		panic(full{}) // places are 31 bits
	}
	several := (need + 1<<blockBits - 1) >> blockBits
	n.take(4 * several << blockBits)
	block := make([]int32, several<<blockBits)
	for b := range several {
		n.blocks = append(n.blocks, block[b<<blockBits:])
	}
}

// grow doubles the table.
func (n *numbered) grow() {
	if n.slots == nil {
		n.salt = rand.Uint64()
	}
	size := max(firstSlots, 2*len(n.slots))
	n.take(8 * size)
	old := n.slots
	n.slots = make([]slot, size)
	for _, s := range old {
		if s.place == 0 {
			continue
		}
		list := n.list(int32(s.place - 1))
		n.allowance.spend(1 + len(list)/8)
		i := n.home(n.hash(list))
		for n.slots[i].place != 0 {
			i = (i + 1) & (size - 1)
		}
		n.slots[i] = s
	}
	n.take(-8 * len(old))
}

func (n *numbered) take(bytes int) {
	n.bytes += bytes
	n.allowance.take(bytes)
}

func (n *numbered) hash(list []int32) uint64 {
	h := n.salt
	for _, v := range list {
		high, low := bits.Mul64(h^uint64(uint32(v)), 0x9e3779b97f4a7c15)
		h = high ^ low ^ n.salt
	}
	return h * 0xd6e8feb86659fd93
}

// home is where the search for a list begins: the upper bits of its hash, as the lower ones are its tag.
func (n *numbered) home(hash uint64) int {
	return int(hash >> (64 - uint(bits.Len(uint(len(n.slots)-1)))))
}
