package nemesis

import "slices"

// links is a set of directed links: links[from][to], by the positions of nodes.
type links [][]bool

func newLinks(nodes int) links {
	l := make(links, nodes)
	for i := range l {
		l[i] = make([]bool, nodes)
	}
	return l
}

func (l links) empty() bool {
	return !slices.ContainsFunc(l, func(to []bool) bool { return slices.Contains(to, true) })
}
