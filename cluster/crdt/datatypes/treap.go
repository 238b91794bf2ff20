package datatypes

import "faultline/cluster/logical"

// treap keeps nodes in an order, as a balanced tree (Seidel and Aragon 1996). By their priorities, which are as good as drawn, it is a heap. They
// follow from names, so that nothing here is left to chance.
type treap struct{ root *node }

// node is a node of a treap.
type node struct {
	of         *character
	priority   uint64
	up         *node
	less, more *node // the subtrees of what comes before it and after it
	size       int   // how many nodes there are here and below
	shown      int   // and how many of them are not hidden
	hidden     bool
}

// newNode returns the node of a character. That of the beginning is hidden.
func newNode(c *character, dot logical.Dot) node {
	n := node{of: c, priority: mixed(dot), size: 1, shown: 1}
	if dot == (logical.Dot{}) {
		n.hidden, n.shown = true, 0
	}
	return n
}

// mixed makes a name a number: FNV-1a, and the finalizer of SplitMix64, as names are much alike.
func mixed(dot logical.Dot) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(dot.Node) {
		h = (h ^ uint64(dot.Node[i])) * 1099511628211
	}
	h ^= dot.N * 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func (n *node) visible() bool { return !n.hidden }

func (n *node) count() (size, shown int) {
	if n == nil {
		return 0, 0
	}
	return n.size, n.shown
}

// update counts anew what is here and below.
func (n *node) update() {
	lessSize, lessShown := n.less.count()
	moreSize, moreShown := n.more.count()
	n.size, n.shown = lessSize+moreSize+1, lessShown+moreShown
	if !n.hidden {
		n.shown++
	}
}

// hide leaves the node in the order, and out of the count.
func (n *node) hide() {
	if n.hidden {
		return
	}
	n.hidden = true
	for ; n != nil; n = n.up {
		n.shown--
	}
}

// rank is how many nodes come before this one.
func (n *node) rank() int {
	rank, _ := n.less.count()
	for ; n.up != nil; n = n.up {
		if n == n.up.more {
			less, _ := n.up.less.count()
			rank += less + 1
		}
	}
	return rank
}

// next is the node that comes after this one; nil if it is the last.
func (n *node) next() *node {
	if n.more != nil {
		return n.more.leftmost()
	}
	for n.up != nil && n == n.up.more {
		n = n.up
	}
	return n.up
}

func (n *node) leftmost() *node {
	for n.less != nil {
		n = n.less
	}
	return n
}

func (t *treap) first() *node { return t.root.leftmost() }

// at is the node of which so many that are not hidden come before it.
func (t *treap) at(index int) *node {
	n := t.root
	for {
		_, less := n.less.count()
		switch {
		case index < less:
			n = n.less
		case index == less && !n.hidden:
			return n
		default:
			if index -= less; !n.hidden {
				index--
			}
			n = n.more
		}
	}
}

// insertAfter puts a node directly behind another.
func (t *treap) insertAfter(n, other *node) {
	if other.more == nil {
		other.more, n.up = n, other
	} else {
		other = other.more.leftmost()
		other.less, n.up = n, other
	}
	t.rise(n)
}

// insertBefore puts a node directly in front of another.
func (t *treap) insertBefore(n, other *node) {
	if other.less == nil {
		other.less, n.up = n, other
	} else {
		for other = other.less; other.more != nil; other = other.more {
		}
		other.more, n.up = n, other
	}
	t.rise(n)
}

// rise brings a leaf to its place in the heap.
func (t *treap) rise(n *node) {
	for a := n.up; a != nil; a = a.up {
		a.size++
		if !n.hidden {
			a.shown++
		}
	}
	for n.up != nil && n.up.priority < n.priority {
		t.rotate(n)
	}
}

// rotate puts a node in the place of the one above it.
func (t *treap) rotate(n *node) {
	p := n.up
	if n == p.less {
		p.less, n.more = n.more, p
		adopt(p, p.less)
	} else {
		p.more, n.less = n.less, p
		adopt(p, p.more)
	}
	n.up, p.up = p.up, n
	switch {
	case n.up == nil:
		t.root = n
	case n.up.less == p:
		n.up.less = n
	default:
		n.up.more = n
	}
	p.update()
	n.update()
}

func adopt(parent, child *node) {
	if child != nil {
		child.up = parent
	}
}
