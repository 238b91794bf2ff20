package datatypes

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// Text is a sequence of characters by FugueMax (Weidner and Kleppmann 2023, The Art of the Fugue). A character remembers between which two it was
// inserted, deleted ones included. These origins make a tree:
//
//   - If both origins have the same left origin, the right one is below the left one, and the character is a left child of the right one.
//   - Otherwise there is nothing below the left one on its right side that its author had seen, and the character is a right child of the left one.
//
// The text is the tree from left to right. So what was typed in one run, forwards or backwards, is a subtree, and concurrent runs are not
// interleaved. Right children come in the reverse order of their right origins, and children are otherwise in the order of their names.
//
// The tree is also in a treap in the order of the text, so that a character is found by its index, and two are compared, in logarithmic time.
type Text struct {
	characters map[logical.Dot]*character
	taken      []*character           // in the order in which they came: origins before those that have them
	deleted    map[logical.Dot]bool   // characters, some of which may not be here yet
	waiting    map[logical.Dot][]Span // inserts whose origin is not here yet, by that origin
	order      treap
	first      *character // the root of the tree, which stands for the beginning
}

// Span is where a character was inserted: between two others, the zero dot being the beginning or the end.
type Span struct {
	logical.Dot
	Left  logical.Dot `json:"left,omitzero"`
	Right logical.Dot `json:"right,omitzero"`
}

// character is one in the tree.
type character struct {
	Span
	right         *character // the right origin; nil for the end
	lefts, rights []*character
	node          // in the treap
}

// NewText returns one without characters.
func NewText() *Text {
	t := &Text{characters: map[logical.Dot]*character{}}
	t.first = &character{}
	t.first.node = newNode(t.first, logical.Dot{})
	t.characters[logical.Dot{}] = t.first
	t.order.root = &t.first.node
	return t
}

func (t *Text) delta(u Update) (Content, []logical.Dot, error) {
	changed := NewText()
	if u.F == ops.Delete {
		c, err := t.named(u.Argument)
		if err == nil && c == t.first {
			err = fmt.Errorf("the beginning cannot be deleted")
		}
		if err != nil {
			return nil, nil, err
		}
		changed.Drop(c.Dot)
		return changed, nil, nil
	}
	neighbours, ok := u.Argument.List()
	if !ok || len(neighbours) != 2 {
		return nil, nil, fmt.Errorf("it takes the two neighbours of the character, and not %q", u.Argument)
	}
	left, err := t.named(neighbours[0])
	if err != nil {
		return nil, nil, err
	}
	changed.Take(t.between(u.Dot, left, func(c *character) bool { return u.Context.Includes(c.Dot) }))
	return changed, nil, nil
}

// named finds a character by its name; null names the beginning.
func (t *Text) named(v history.Value) (*character, error) {
	if v.Kind() == history.Nil {
		return t.first, nil
	}
	name, _ := v.Text()
	dot, err := logical.ParseDot(name)
	if c := t.characters[dot]; c != nil && err == nil {
		return c, nil
	}
	return nil, fmt.Errorf("there is no character %q", v)
}

// between is where a character goes behind another one, for somebody who has seen some characters: in front of the next of these.
func (t *Text) between(dot logical.Dot, left *character, seen func(*character) bool) Span {
	s := Span{Dot: dot, Left: left.Dot}
	for n := left.next(); n != nil; n = n.next() {
		if seen(n.of) {
			s.Right = n.of.Dot
			break
		}
	}
	return s
}

// Insert puts a character at an index, in view of all that is here, and returns where that is.
func (t *Text) Insert(dot logical.Dot, index int) Span {
	left := t.first
	if index > 0 {
		left = t.order.at(index - 1).of
	}
	s := t.between(dot, left, func(*character) bool { return true })
	t.Take(s)
	return s
}

// Delete deletes the character at an index, and returns its name.
func (t *Text) Delete(index int) logical.Dot {
	c := t.order.at(index).of
	t.Drop(c.Dot)
	return c.Dot
}

// Drop deletes a character, here or not. Deletes and inserts may come in any order, and more than once.
func (t *Text) Drop(dot logical.Dot) {
	if t.deleted[dot] {
		return
	}
	if t.deleted == nil {
		t.deleted = map[logical.Dot]bool{}
	}
	t.deleted[dot] = true
	if c := t.characters[dot]; c != nil {
		c.hide()
	}
}

// Take takes in a character, or has it wait for its origins.
func (t *Text) Take(s Span) {
	if t.characters[s.Dot] != nil {
		return
	}
	for _, origin := range []logical.Dot{s.Left, s.Right} {
		if t.characters[origin] == nil {
			t.wait(s, origin)
			return
		}
	}
	c := &character{Span: s}
	if s.Right != (logical.Dot{}) {
		c.right = t.characters[s.Right]
	}
	c.node = newNode(c, s.Dot)
	t.characters[s.Dot] = c
	t.taken = append(t.taken, c)
	t.place(c)
	if t.deleted[s.Dot] {
		c.hide()
	}
	waiting := t.waiting[s.Dot]
	delete(t.waiting, s.Dot)
	for _, w := range waiting {
		t.Take(w)
	}
}

// wait keeps a character until its origin comes.
func (t *Text) wait(s Span, origin logical.Dot) {
	if t.waiting == nil {
		t.waiting = map[logical.Dot][]Span{}
	}
	if !slices.Contains(t.waiting[origin], s) {
		t.waiting[origin] = append(t.waiting[origin], s)
	}
}

// place puts a character into the tree, and into the order next to what it is next to there.
func (t *Text) place(c *character) {
	if c.right != nil && c.right.Left == c.Left {
		c.right.lefts = t.placed(c, c.right.lefts, func(sibling *character) int { return sibling.Compare(c.Dot) },
			func() { t.order.insertBefore(&c.node, &c.right.node) })
		return
	}
	left := t.characters[c.Left]
	left.rights = t.placed(c, left.rights, func(sibling *character) int {
		return cmp.Or(-t.compareOrigins(sibling.right, c.right), sibling.Compare(c.Dot))
	}, func() {
		last := left
		for len(last.rights) > 0 {
			last = last.rights[len(last.rights)-1]
		}
		t.order.insertAfter(&c.node, &last.node)
	})
}

// placed puts a character among its siblings: in front of all that is below the next of them or, if it is the last, where last puts it.
func (t *Text) placed(c *character, siblings []*character, compare func(sibling *character) int, last func()) []*character {
	at, _ := slices.BinarySearchFunc(siblings, c, func(sibling, _ *character) int { return compare(sibling) })
	if at == len(siblings) {
		last()
	} else {
		next := siblings[at]
		for len(next.lefts) > 0 {
			next = next.lefts[0]
		}
		t.order.insertBefore(&c.node, &next.node)
	}
	return slices.Insert(siblings, at, c)
}

// compareOrigins compares right origins by where they are, nil being the end.
func (t *Text) compareOrigins(a, b *character) int {
	switch {
	case a == b:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(a.rank(), b.rank())
}

func (t *Text) join(other Content, _, _ Dots) {
	theirs := other.(*Text)
	for _, c := range theirs.taken {
		t.Take(c.Span)
	}
	for _, waiting := range theirs.waiting {
		for _, s := range waiting {
			t.Take(s)
		}
	}
	for dot := range theirs.deleted {
		t.Drop(dot)
	}
}

// Spans are all characters, in the order of their names.
func (t *Text) Spans() []Span {
	var all []Span
	for _, c := range t.taken {
		all = append(all, c.Span)
	}
	for _, waiting := range t.waiting {
		all = append(all, waiting...)
	}
	slices.SortFunc(all, func(a, b Span) int { return a.Compare(b.Dot) })
	return all
}

// Deleted reports whether a character is.
func (t *Text) Deleted(dot logical.Dot) bool { return t.deleted[dot] }

// Len is how many characters there are.
func (t *Text) Len() int { return t.order.root.shown }

// Characters are the names of the characters in order.
func (t *Text) Characters() iter.Seq[logical.Dot] {
	return func(yield func(logical.Dot) bool) {
		for n := t.order.first(); n != nil; n = n.next() {
			if n.visible() && !yield(n.of.Dot) {
				return
			}
		}
	}
}

func (t *Text) value() history.Value {
	var names []history.Value
	for dot := range t.Characters() {
		names = append(names, history.TextValue(dot.String()))
	}
	return history.ListValue(names...)
}

// written is a Text as JSON.
type written struct {
	Characters []Span        `json:"characters,omitempty"`
	Deleted    []logical.Dot `json:"deleted,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (t *Text) MarshalJSON() ([]byte, error) {
	var deleted []logical.Dot
	for dot := range t.deleted {
		deleted = append(deleted, dot)
	}
	slices.SortFunc(deleted, logical.Dot.Compare)
	return json.Marshal(written{t.Spans(), deleted})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	var w written
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	for _, s := range w.Characters {
		t.Take(s)
	}
	for _, dot := range w.Deleted {
		t.Drop(dot)
	}
	return nil
}
