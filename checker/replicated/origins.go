package replicated

import (
	"faultline/cluster/logical"
	"faultline/cluster/ops"
)

// origins is a tree of characters. An order that keeps together what is in a subtree goes through it: the children to the left of a node with
// what is below them, the node, and those to the right.
type origins struct {
	parent map[logical.Dot]logical.Dot
	left   map[logical.Dot]bool
	open   map[logical.Dot]bool // whose place in the tree is not known
	paths  map[logical.Dot][]logical.Dot
}

func newOrigins() *origins {
	return &origins{map[logical.Dot]logical.Dot{}, map[logical.Dot]bool{}, map[logical.Dot]bool{}, map[logical.Dot][]logical.Dot{}}
}

// leftOrigins is the tree in which each character is below the one after which it was inserted, to its right.
func (t *text) leftOrigins() *origins {
	tree := newOrigins()
	for _, u := range t.inserts {
		tree.parent[u.Dot] = u.after
	}
	return tree
}

// bothOrigins is the tree of Fugue (Weidner and Kleppmann 2023). A character is below the one before which it was inserted, to its left, if both were
// inserted after the same one. Otherwise it is below the one after which it was inserted.
func (t *text) bothOrigins() *origins {
	tree := newOrigins()
	known := t.orderKnown()
	for _, u := range t.inserts {
		tree.parent[u.Dot] = u.after
		if b := t.byDot[u.before]; b != nil && b.after == u.after {
			tree.parent[u.Dot], tree.left[u.Dot] = u.before, true
		}
		tree.open[u.Dot] = t.hides(u, known)
	}
	for _, u := range t.inserts {
		for _, c := range tree.path(u.Dot) {
			tree.open[u.Dot] = tree.open[u.Dot] || tree.open[c]
		}
	}
	return tree
}

// hides reports whether a deleted character may be between the neighbours of an insert. Then the insert was before that one, and its
// client did not see it.
func (t *text) hides(insert *update, known func(x, y logical.Dot) bool) bool {
	for _, u := range t.updates {
		if u.op.F == ops.Delete && insert.Context.Includes(u.Dot) && !known(u.character, insert.after) && !known(insert.before, u.character) {
			return true
		}
	}
	return false
}

// orderKnown tells whether a character comes before another by all that clients saw.
func (t *text) orderKnown() func(x, y logical.Dot) bool {
	from := map[logical.Dot][]precedence{}
	for _, p := range t.precedences {
		from[p.x] = append(from[p.x], p)
	}
	after := map[logical.Dot]map[logical.Dot]bool{}
	return func(x, y logical.Dot) bool {
		if after[x] == nil {
			after[x] = map[logical.Dot]bool{}
			queue := []logical.Dot{x}
			for len(queue) > 0 {
				next := queue[0]
				queue = queue[1:]
				t.Clock.Spend(len(from[next]))
				for _, p := range from[next] {
					if !after[x][p.y] {
						after[x][p.y] = true
						queue = append(queue, p.y)
					}
				}
			}
		}
		return after[x][y]
	}
}

// path is the way from the root to a character, without the root.
func (o *origins) path(c logical.Dot) []logical.Dot {
	if c == (logical.Dot{}) {
		return nil
	}
	if o.paths[c] == nil {
		o.paths[c] = append(append([]logical.Dot{}, o.path(o.parent[c])...), c)
	}
	return o.paths[c]
}

// lifted are precedences of characters as those of the children of one node that they are below. One that no order through the tree has is
// a circle by itself.
func (o *origins) lifted(all []precedence) (lifted []precedence) {
	for _, p := range all {
		x, y := o.path(p.x), o.path(p.y)
		i := 0
		for i < len(x) && i < len(y) && x[i] == y[i] {
			i++
		}
		switch {
		case i == len(x): // y is below x
			if o.left[y[i]] {
				lifted = append(lifted, precedence{p.x, p.x, p.x, p.y, p.by})
			}
		case i == len(y):
			if !o.left[x[i]] {
				lifted = append(lifted, precedence{p.x, p.x, p.x, p.y, p.by})
			}
		case o.left[x[i]] == o.left[y[i]]:
			lifted = append(lifted, precedence{x[i], y[i], p.x, p.y, p.by})
		case o.left[y[i]]:
			lifted = append(lifted, precedence{p.x, p.x, p.x, p.y, p.by})
		}
	}
	return lifted
}
