package linear

import (
	"cmp"
	"math"
	"slices"

	"faultline/checker"
	"faultline/internal/timebound"
)

// arrange looks for two blocks of which each must precede the other. Among the blocks that have their
// first return before the last invocation of A, the one with the last invocation of all is the one to
// fear. If that is A itself, the other one of two that must precede each other sees it: it is among the
// blocks that have their first return before the last invocation of the other.
func (z *zones) arrange() checker.Validity {
	sorted := z.rankByFirst()
	for begin, end := range z.clock.Blocks(len(z.blocks)) {
		for i := begin; i < end; i++ {
			b := &z.blocks[i]
			if b.s < 0 {
				continue
			}
			var rank int32 // how many blocks have their first return before b.s
			if sorted == nil {
				rank = z.marks[b.s]
			} else {
				rank = rankIn(sorted, b.s)
			}
			if latest := z.latest[rank]; latest > b.f && latest != b.s {
				return z.mutual(*b, latest)
			}
		}
	}
	return checker.Valid
}

// mutual blames a block and the one with the given last invocation.
func (z *zones) mutual(b zone, latest int32) checker.Validity {
	z.clash = z.chainOf(b)
	for _, other := range z.blocks {
		if other.s == latest && other.root != b.root {
			z.clash = append(z.clash, z.chainOf(other)...)
			break
		}
	}
	return checker.Invalid
}

// rankByFirst sorts the blocks by their first returns. It fills latest[r] with the last invocation in the
// first r blocks. How many blocks have their first return before a position is in marks then, by
// position, or is to be looked for in the sorted blocks that it returns.
//
// Where the history is nearly all on one key its positions serve to sort by: an array as long as it.
func (z *zones) rankByFirst() (sorted []zone) {
	end := int32(0)
	for i := range z.blocks {
		end = max(end, z.blocks[i].s+1)
	}
	z.latest = append(resize(z.latest, len(z.blocks)+2)[:0], math.MinInt32)
	if int(end) > 8*len(z.items)+1024 || !z.markFirsts(end) {
		return z.sortByFirst()
	}
	// Without a branch that nobody can predict: where there is no mark, the last entry is written again.
	r, latest := len(z.latest)-1, z.latest[len(z.latest)-1]
	z.latest = z.latest[:len(z.blocks)+2]
	for begin, end := range z.clock.Blocks(int(end)) {
		for p := begin; p < end; p++ {
			m := z.marks[p]
			z.marks[p] = int32(r)
			latest = max(latest, m-markedZero)
			next := r + 1
			z.latest[next] = latest
			if m != 0 {
				r = next
			}
		}
	}
	return nil
}

// markedZero is added to marks, of which 0 means none: the last invocation of a block may be dawn. What is
// read from no mark is earlier than that.
const markedZero = 1 - dawn

// markFirsts puts the last invocation of each block where its first return is. It fails if two blocks
// share that, which no history allows.
func (z *zones) markFirsts(end int32) bool {
	z.marks = resize(z.marks, int(end))
	clear(z.marks)
	for i := range z.blocks {
		b := &z.blocks[i]
		switch {
		case b.f >= end: // nothing is invoked after it
		case b.f < 0: // the initial block comes before all
			z.append(b.s)
		case z.marks[b.f] != 0:
			z.latest = z.latest[:1]
			return false
		default:
			z.marks[b.f] = b.s + markedZero
		}
	}
	return true
}

func (z *zones) append(s int32) {
	z.latest = append(z.latest, max(z.latest[len(z.latest)-1], s))
}

func (z *zones) sortByFirst() (sorted []zone) {
	sorted = slices.Clone(z.blocks)
	timebound.SortFunc(z.clock, sorted, func(a, b zone) int { return cmp.Compare(a.f, b.f) })
	for _, b := range sorted {
		z.append(b.s)
	}
	return sorted
}

func rankIn(sorted []zone, position int32) int32 {
	rank, _ := slices.BinarySearchFunc(sorted, position, func(b zone, p int32) int { return cmp.Compare(b.f, p) })
	return int32(rank)
}
