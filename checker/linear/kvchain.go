package linear

import (
	"slices"
	"strings"

	"faultline/checker"
	"faultline/internal/timebound"
)

// chainTexts states the question of a key to which texts are appended as one of a register, where no text
// is put or appended twice and none is the beginning of another. Then what a get tells has one reading:
// an initial or put text, and appended ones in their order. The states that gets tell of, and their
// beginnings, are the nodes of a tree. In the register's terms
//
//   - a get reads a node;
//   - a put writes a node, or a value that nobody sees;
//   - an append that some get tells of took the key from one node to the next: a successful cas;
//   - any other append is a write of a value that nobody sees.
//
// An order is right for the one exactly if it is for the other. An append that a get tells of took
// effect where that get says, as it did so once; after one that no get tells of, nothing reads the key, and
// nothing that a get tells of is appended, until the next put: the value written by it is not observed
// either. Conversely, while the register holds a node the key holds that text, by induction.
//
// The answer is Unknown if the precondition fails, Invalid if a get cannot be read or two gets disagree
// on where a text was appended, and Valid if the register is to decide.
type chainTexts struct {
	object *object
	items  []item
	texts  []text // sorted
	nodes  map[edge]int32
	values int32 // how many so far; 0 is the empty text
	before []int32
	after  []int32 // item → nodes that its text leads between; none if no get tells of it
}

// text is what an item puts or appends.
type text struct {
	s    string
	item int32
}

// edge leads from a node to the one that has one text more.
type edge struct{ node, item int32 }

func (t *chainTexts) translate(c *clock) checker.Validity {
	o := t.object
	t.items = slices.Clone(o.items)
	t.nodes, t.values = map[edge]int32{}, 1
	t.before, t.after = make([]int32, len(o.items)), make([]int32, len(o.items))
	for i := range c.UpTo(len(o.items)) {
		t.before[i], t.after[i] = none, none
		if it := &o.items[i]; it.action != reads {
			s, ok := o.values.value(it.put).Text()
			if !ok || s == "" {
				return checker.Unknown
			}
			t.texts = append(t.texts, text{s, int32(i)})
		}
	}
	timebound.SortFunc(c, t.texts, func(a, b text) int {
		c.Spend(min(len(a.s), len(b.s)) / 64)
		return strings.Compare(a.s, b.s)
	})
	for i := 1; i < len(t.texts); i++ {
		c.Spend(1 + len(t.texts[i-1].s)/64)
		if strings.HasPrefix(t.texts[i].s, t.texts[i-1].s) {
			return checker.Unknown
		}
	}
	for i := range c.UpTo(len(o.items)) {
		it := &t.items[i]
		if it.action != reads {
			continue
		}
		s, ok := "", true
		if it.want != 0 {
			s, ok = o.values.value(it.want).Text()
		}
		if it.want, ok = t.read(s, ok, c); !ok {
			return checker.Invalid
		}
	}
	c.Spend(len(t.items))
	t.write()
	return checker.Valid
}

// read follows a text through the tree. It fails if nothing can have made that text.
func (t *chainTexts) read(s string, ok bool, c *clock) (node int32, _ bool) {
	for first := true; ok && s != ""; first = false {
		c.Spend(16 + len(s)/64)
		at, found := slices.BinarySearchFunc(t.texts, s, func(t text, s string) int { return strings.Compare(t.s, s) })
		if !found {
			at-- // the only text that s can begin with is the last one before it
		}
		if at < 0 || !strings.HasPrefix(s, t.texts[at].s) {
			return none, false
		}
		i := t.texts[at].item
		if !first && t.object.items[i].action == writes {
			return none, false
		}
		next, known := t.nodes[edge{node, i}]
		if !known {
			if t.after[i] != none {
				return none, false // it was appended elsewhere
			}
			next = t.values
			t.values++
			t.nodes[edge{node, i}] = next
			t.before[i], t.after[i] = node, next
		}
		node, s = next, s[len(t.texts[at].s):]
	}
	return node, ok
}

// write makes register operations of the puts and the appends.
func (t *chainTexts) write() {
	for i := range t.items {
		it := &t.items[i]
		switch {
		case it.action == reads:
			continue
		case t.after[i] == none:
			it.action, it.put = writes, t.values
			t.values++
		case it.action == writes:
			it.put = t.after[i]
		default:
			it.action, it.want, it.put = swaps, t.before[i], t.after[i]
			if it.pending {
				it.action = maySwap
			}
		}
	}
}

// decideKV decides a key of a kv.
func decideKV(o *object, c *clock) checker.Validity {
	if o.isRegister() {
		return decideZones(o, c)
	}
	if o.begun() {
		return checker.Unknown
	}
	t := &chainTexts{object: o}
	if answer := t.translate(c); answer != checker.Valid {
		return answer
	}
	return newZones(t.items, int(t.values), []int32{0}, c, o.tables).decide()
}

// asRegister returns the object's items in terms of a register and the number of its values, if the object is
// a register or can be stated as one.
func (o *object) asRegister(c *clock) (items []item, values int, ok bool) {
	if o.isRegister() {
		return o.items, o.values.len(), true
	}
	t := &chainTexts{object: o}
	if !o.appended || o.begun() || t.translate(c) != checker.Valid {
		return nil, 0, false
	}
	return t.items, int(t.values), true
}
