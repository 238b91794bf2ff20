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

// union is the set of links that are in at least one of several sets.
func union(nodes int, sets []links) links {
	u := newLinks(nodes)
	for _, s := range sets {
		for a := range s {
			for b := range s[a] {
				u[a][b] = u[a][b] || s[a][b]
			}
		}
	}
	return u
}
