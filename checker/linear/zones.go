package linear

import (
	"math"
	"slices"

	"faultline/checker"
)

// stageZones is the stage that decides registers on which no value is written twice, in linear time:
// Gibbons and Korach 1997, "Testing shared memories", theorem 4.2, with successful cas chained into
// blocks, and with pending operations reduced by needed.go.
//
// Between its one producer and the next change the register holds v, once and contiguously. So in a
// linearization the producer of v, all reads of v and nothing else form a level. A successful cas from
// v to w observes v and ends it: the level of w, which it opens, follows that of v at once. Levels
// chained in this way form a block, whose inner order is fixed, and which is contiguous too. There is
// a linearization exactly if
//
//  1. every value that is observed has a producer, each value is expected by at most one successful
//     cas, and no chain of cas runs in a circle;
//  2. within a block real time agrees with the order: no read returned before its producer was
//     invoked, and nothing of a level returned before something of an earlier one was invoked;
//  3. the blocks can be ordered. Let f be the first return in a block and s its last invocation. A
//     must precede B exactly if f(A) < s(B). If these demands contain a circle A1 → A2 → … → A1, let
//     A be the one with the least f; its predecessor P in the circle demands nothing that A does not
//     reach: f(A) <= f(P') < s(P) for the P' before P, so A → P, and P → A. So there is an order
//     exactly if no two blocks have f(A) < s(B) and f(B) < s(A): the zones of Gibbons and Korach.
//
// The initial value is a level whose producer came before everything. Where a window of a longer
// history begins there may be several values that the register can hold; see start.
const stageZones = "zones"

// zones is one run of the algorithm. Each step leaves the answer Valid where it finds nothing wrong.
type zones struct {
	items    []item
	initials []int32 // the values that the register may hold at first
	clock    *clock

	*tables
	needed   []bool // pending items that took effect; nil if there are none
	initial  int32  // the value that the register holds at first, or none if nobody looks at it
	refuses  int32  // an item that no register does, or none
	expected int32  // a successful cas whose expected value another one took too, or none
	blind    bool

	clash []int32 // values that show that there is no order
}

// tables are what a run fills. They are used again, key after key and window after window: asking for
// fresh memory would take longer than the algorithm.
type tables struct {
	levels   []level // value → its level
	pendings []int32 // the pending items
	blocks   []zone
	marks    []int32
	latest   []int32
}

// level is what is known of one value.
type level struct {
	producer int32 // item, or none, or initially
	from     int32 // the value that the producer expected, none for a write, absent before it took effect
	call     int32 // the invocation of the producer, once it took effect
	next     int32 // the value that the successful cas from it puts, or none
	first    int32 // the return of what produces it
	reader   int32 // the first return of what only reads it
	last     int32 // the last invocation
}

const (
	none      = -1 // no item, no value
	absent    = -2 // no producer yet
	initially = -2 // the initial value is there without an item
	dawn      = -2 // earlier than every event, and than -1, where windows put what is carried over
)

// blockOfSteps is how many steps of a chain are counted at once.
const blockOfSteps = 1 << 12

// zone is a block: its first return and its last invocation, and the value that its chain begins with.
type zone struct{ f, s, root int32 }

// decideZones is the stage, for a whole object.
func decideZones(o *object, c *clock) checker.Validity {
	z := newZones(o.items, o.values.len(), o.first(), c, o.tables)
	answer := z.decide()
	if answer == checker.Valid && z.blind {
		return z.insertBlind(&registerMachine{values: o.values})
	}
	return answer
}

// newZones prepares a run in some tables, or in new ones.
func newZones(items []item, values int, initials []int32, c *clock, t *tables) *zones {
	if t == nil {
		t = &tables{}
	}
	t.levels = resize(t.levels, values)
	t.blocks = resize(t.blocks, values)[:0]
	t.pendings = t.pendings[:0]
	return &zones{items: items, initials: initials, clock: c, tables: t, initial: none, refuses: none, expected: none}
}

// resize makes a slice n long; what is in it does not matter.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// decide leaves the answer Unknown if a value is written twice. Blind failed cas are left out: the answer
// Invalid stands with them, Valid is to be confirmed.
func (z *zones) decide() checker.Validity {
	for _, step := range []func() checker.Validity{z.gather, z.start, z.takeTurns, z.markNeeded, z.chain, z.arrange} {
		if answer := step(); answer != checker.Valid {
			return answer
		}
	}
	return checker.Valid
}

// gather collects the levels; of pending items only what they produce.
func (z *zones) gather() checker.Validity {
	for begin, end := range z.clock.Blocks(len(z.levels)) {
		for v := begin; v < end; v++ {
			z.levels[v] = level{
				producer: none, from: absent, call: math.MinInt32, next: none, first: never, reader: never, last: math.MinInt32,
			}
		}
	}
	twice := false
	for begin, end := range z.clock.Blocks(len(z.items)) {
		for i := begin; i < end; i++ {
			it := &z.items[i]
			if it.action == reads {
				l := &z.levels[it.want]
				l.reader = min(l.reader, it.ret)
				l.last = max(l.last, it.call)
				continue
			}
			if it.action > maySwap {
				z.aside(int32(i))
				continue
			}
			l := &z.levels[it.put]
			twice = twice || l.producer != none
			l.producer = int32(i)
			if it.pending {
				z.pendings = append(z.pendings, int32(i))
			} else if !z.produce(it) {
				z.expected = int32(i)
			}
		}
	}
	if twice {
		return checker.Unknown
	}
	if z.refuses != none {
		z.clash = []int32{z.items[z.refuses].want}
		return checker.Invalid
	}
	return checker.Valid
}

// aside keeps what neither reads nor produces a value.
func (z *zones) aside(i int32) {
	if z.items[i].action == findsOther {
		z.blind = true
	} else {
		z.refuses = i
	}
}

// produce adds an item that took effect to the level of its value. It reports whether that is fine: a cas
// whose expected value another one took already is not.
func (z *zones) produce(it *item) bool {
	l := &z.levels[it.put]
	l.call, l.first, l.last = it.call, it.ret, max(l.last, it.call)
	if it.action == writes {
		l.from = none
		return true
	}
	l.from = it.want
	taken := z.levels[it.want].next != none
	z.levels[it.want].next = it.put
	return !taken
}

// takeTurns verifies that no two successful cas expected the same value.
func (z *zones) takeTurns() checker.Validity {
	if z.expected != none {
		return z.expectedTwice(z.expected)
	}
	return checker.Valid
}

// expectedTwice blames all cas from one value.
func (z *zones) expectedTwice(i int32) checker.Validity {
	want := z.items[i].want
	z.clash = []int32{want}
	for i := range z.clock.UpTo(len(z.items)) {
		if it := &z.items[i]; (it.action == swaps || it.action == maySwap) && it.want == want && z.counts(int32(i)) {
			z.clash = append(z.clash, it.put)
		}
	}
	return checker.Invalid
}

// counts reports whether an item certainly took effect.
func (z *zones) counts(i int32) bool { return !z.items[i].pending || z.needed != nil && z.needed[i] }

// observed reports whether the level's value was certainly observed.
func (l *level) observed() bool { return l.reader != never || l.next != none }

// start finds the initial value among the possible ones: one that is certainly observed, and not
// produced. Without such a value, a possible initial value that is produced and observed, even by a
// pending cas, appears twice, and the answer is Unknown.
func (z *zones) start() checker.Validity {
	again := false
	for k := range z.clock.UpTo(len(z.initials)) {
		v := z.initials[k]
		l := &z.levels[v]
		switch {
		case l.producer == none && l.observed():
			z.begin(v)
			return checker.Valid
		case l.producer != none && l.observed():
			again = true
		case l.producer != none:
			again = again || z.mayBeExpected(v)
		}
	}
	if again {
		return checker.Unknown
	}
	return checker.Valid
}

// mayBeExpected reports whether a pending cas expects a value.
func (z *zones) mayBeExpected(v int32) bool {
	z.clock.Spend(len(z.pendings))
	return slices.ContainsFunc(z.pendings, func(i int32) bool { return z.items[i].action == maySwap && z.items[i].want == v })
}

// begin makes a value the initial one.
func (z *zones) begin(v int32) {
	l := &z.levels[v]
	z.initial = v
	l.producer, l.from, l.first, l.last = initially, none, dawn, max(dawn, l.last)
}

// chain joins levels into blocks and verifies their inner order.
func (z *zones) chain() checker.Validity {
	levels := 0
	for begin, end := range z.clock.Blocks(len(z.levels)) {
		for v := begin; v < end; v++ {
			l := &z.levels[v]
			if l.producer == none {
				if !l.observed() {
					continue
				}
				if z.initial != none || !slices.Contains(z.initials, int32(v)) {
					return z.unproduced(int32(v))
				}
				z.begin(int32(v)) // only a pending cas that took effect observed it
			}
			if l.from == absent {
				continue // it is pending, and not needed
			}
			levels++
			if l.from != none {
				continue // a cas: its level is reached from the head of the chain
			}
			length := z.follow(int32(v))
			if length == 0 {
				return checker.Invalid
			}
			levels -= length
		}
	}
	if levels > 0 {
		z.clash = z.circle()
		return checker.Invalid
	}
	return checker.Valid
}

// unproduced blames a value that nothing produced.
func (z *zones) unproduced(v int32) checker.Validity {
	z.clash = []int32{v}
	if z.initial != none && slices.Contains(z.initials, v) {
		z.clash = append(z.clash, z.initial)
	}
	return checker.Invalid
}

// follow makes a block of the chain that begins with a value and returns its length, 0 if its inner order
// is wrong.
func (z *zones) follow(head int32) (length int) {
	b := zone{f: never, s: math.MinInt32, root: head}
	for v := head; v != none; {
		l := &z.levels[v]
		if l.reader < l.call {
			z.clash = []int32{v}
			return 0
		}
		f := min(l.first, l.reader)
		if f < b.s {
			z.clash = z.chainUntil(head, v)
			return 0
		}
		b.f, b.s = min(b.f, f), max(b.s, l.last)
		if length++; length%blockOfSteps == 0 {
			z.clock.Spend(blockOfSteps)
		}
		v = l.next
	}
	z.blocks = append(z.blocks, b)
	return length
}

// chainUntil lists the values of a chain from its head.
func (z *zones) chainUntil(head, end int32) []int32 {
	values := []int32{head}
	for v := head; v != end; {
		v = z.levels[v].next
		values = append(values, v)
	}
	return values
}

// circle lists the values of a chain of cas that has no head.
func (z *zones) circle() []int32 {
	reached := make([]bool, len(z.levels))
	for _, b := range z.blocks {
		for v := b.root; v != none; v = z.levels[v].next {
			reached[v] = true
			z.clock.Spend(1)
		}
	}
	for v := range z.clock.UpTo(len(z.levels)) {
		w := z.levels[v].producer
		if w < 0 || reached[v] || !z.counts(w) {
			continue
		}
		values := []int32{int32(v)}
		for u := z.items[w].want; u != int32(v); u = z.items[z.levels[u].producer].want {
			z.clock.Spend(1)
			values = append(values, u)
		}
		return values
	}
	return nil
}

// chainOf lists the values of a block as far as its zone reaches.
func (z *zones) chainOf(b zone) []int32 {
	var values []int32
	f, s := int32(never), int32(math.MinInt32)
	for v := b.root; v != none && (f > b.f || s < b.s); v = z.levels[v].next {
		z.clock.Spend(1)
		values = append(values, v)
		f, s = min(f, z.levels[v].first, z.levels[v].reader), max(s, z.levels[v].last)
	}
	return values
}

// finals lists the values that the register may hold in the end: those of the blocks that need not
// precede another. If there is no block, it is what it may have held at first.
func (z *zones) finals() []int32 {
	z.clock.Spend(2 * len(z.blocks))
	most, second := zone{s: math.MinInt32}, zone{s: math.MinInt32}
	for _, b := range z.blocks {
		if b.s > most.s {
			most, second = b, most
		} else if b.s > second.s {
			second = b
		}
	}
	var values []int32
	for _, b := range z.blocks {
		other := most
		if other.root == b.root {
			other = second
		}
		if b.f < other.s {
			continue
		}
		v := b.root
		for z.levels[v].next != none {
			v = z.levels[v].next
			z.clock.Spend(1)
		}
		values = append(values, v)
	}
	if len(z.blocks) == 0 {
		return z.initials
	}
	return values
}
