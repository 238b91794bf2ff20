package record

import "slices"

// branches are lists that were read of one key, none of them a prefix of another. In a store that keeps its promises there is one.
type branches [][]Element

// place finds a branch of which the list is a prefix, or lets the list extend one, or makes it a branch of its own.
func (b *branches) place(list []Element) (branch int32) {
	for i, known := range *b {
		switch common(known, list) {
		case len(list):
			return int32(i)
		case len(known):
			(*b)[i] = append(known, list[len(known):]...)
			return int32(i)
		}
	}
	*b = append(*b, append([]Element(nil), list...))
	return int32(len(*b) - 1)
}

// common is the length of the longest prefix that two lists share.
func common(a, b []Element) int {
	n := min(len(a), len(b))
	a, b = a[:n], b[:n]
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// main is the number of the longest branch, and of several the least: that does not depend on what was read first.
func (b branches) main() int32 {
	best := 0
	for i, list := range b {
		if len(list) > len(b[best]) || len(list) == len(b[best]) && slices.Compare(list, b[best]) < 0 {
			best = i
		}
	}
	return int32(best)
}

// longest is the main branch; nil if there is none.
func (b branches) longest() []Element {
	if len(b) == 0 {
		return nil
	}
	return b[b.main()]
}

// appendElements appends the longest list, and behind it what only others have, each once.
func (b branches) appendElements(to []Element) []Element {
	from := len(to)
	to = append(to, b.longest()...)
	if len(b) < 2 {
		return to
	}
	known := map[Element]bool{}
	for _, e := range to[from:] {
		known[e] = true
	}
	for _, list := range b {
		for _, e := range list {
			if !known[e] {
				known[e] = true
				to = append(to, e)
			}
		}
	}
	return to
}
