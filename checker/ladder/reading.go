package ladder

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// What an op read from, if not the number of the op that wrote it.
const (
	initial int32 = -1 // nothing wrote it: the value of the beginning
	nothing int32 = -2 // it read nothing, or what it read is left out
	thinAir int32 = -3 // nobody can have written it
)

// op is one operation that took effect, as the models see it. A cas that is ok is a read followed at once by a write of its
// session. Some models also require that nothing comes between the two.
type op struct {
	ref     int32 // the operation it was read from
	session int32
	key     int32
	from    int32 // the op whose value it read, or one of the constants
	writes  bool
}

func (o *op) reads() bool { return o.from != nothing }

// reading is a history as the models see it. The ops of a session follow one another in its order, so that the number of an
// op says all of its place: op i comes after op j of the same session if i > j.
//
// Operations that say nothing are left out: failed ones, reads without an answer, and writes that ended in info and whose
// value no read saw. Nobody knows whether such a write took effect, and it makes no difference to any model. It can be
// taken out of the orders that show that a model is kept: it is the last of its session and no read sees it, so each
// read still sees what it saw. And a history without it is one in which it did not take effect.
type reading struct {
	all      []history.Operation
	bound    *clock // on the time of whatever is done with it
	ops      []op
	sessions []span // of ops
	keys     []string
	// gaps says what was left out although it says something. Nothing that was left out can make a history invalid
	// that is not: a read, or the reading half of a cas, can be struck out of any order. So invalid stands.
	gaps []string
	bad  error // the first operation that no register has
}

// span is a range of ops.
type span struct{ begin, end int32 }

// op is the operation that an op was read from.
func (r *reading) op(i int32) *history.Operation { return &r.all[r.ops[i].ref] }

// place is the place of an op in its session, from 0.
func (r *reading) place(i int32) int32 { return i - r.sessions[r.ops[i].session].begin }

// value identifies what an operation writes or reads.
type value struct {
	key  int32
	n    int64
	text string // the JSON of what is no integer
}

// access is what an operation says it did, before the write of what it read is known.
type access struct {
	op            *history.Operation
	ref           int32
	key           int32
	reads, writes bool
	found, put    value
	info          bool // it took effect only if somebody saw it
	writer        int32
	kept          bool
}

// reader makes a reading.
type reader struct {
	*reading
	first      checker.Initial
	firsts     []value // by key, what it holds at first
	keyNumbers map[string]int32
	accesses   []access
	writers    map[value]int32 // the only access that may have written it, or several
	blind      int
	ambiguous  int
}

// several stands for more than one writer.
const several int32 = -4

// read makes sense of operations, which are in the order of invocation, on keys that hold what is given at first, or null.
func read(ops []history.Operation, first checker.Initial, c *clock) *reading {
	r := &reader{first: first, reading: &reading{all: ops, bound: c}, keyNumbers: map[string]int32{}, writers: make(map[value]int32, len(ops)/2)}
	r.accesses = make([]access, 0, len(ops))
	for i := range c.UpTo(len(ops)) {
		if err := r.access(int32(i)); err != nil {
			r.bad = fmt.Errorf("%s by process %d at %v: %w", ops[i].F, ops[i].Process, ops[i].Invoke, err)
			return r.reading
		}
	}
	r.match()
	r.arrange()
	return r.reading
}

// byInvocation are operations in the order of invocation.
func byInvocation(ops []history.Operation, c *clock) []history.Operation {
	order := func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) }
	if slices.IsSortedFunc(ops, order) {
		return ops
	}
	ops = slices.Clone(ops)
	timebound.SortFunc(c, ops, order)
	return ops
}

func (r *reader) access(i int32) error {
	o := &r.all[i]
	a := access{op: o, ref: i, key: r.key(o.Key), info: o.Outcome == history.Info, writer: nothing}
	says, err := r.parse(&a)
	if err != nil || !says {
		return err
	}
	if a.writes {
		before, taken := r.writers[a.put]
		switch {
		case taken && before >= 0 || a.put == r.firsts[a.key]:
			r.writers[a.put] = several
		case !taken:
			r.writers[a.put] = int32(len(r.accesses))
		}
	}
	r.accesses = append(r.accesses, a)
	return nil
}

// parse says what an operation did, by the rules of linear.CASRegister.
func (r *reader) parse(a *access) (says bool, err error) {
	o := a.op
	switch o.F {
	case "read":
		a.reads = true
		a.found = valueOf(a.key, o.Output)
		if o.Outcome == history.OK && o.Output.Kind() == history.None {
			return false, fmt.Errorf("it is ok and returns no value")
		}
		return o.Outcome == history.OK, nil
	case "write":
		if o.Input.Kind() == history.None {
			return false, fmt.Errorf("it has no value to write")
		}
		a.writes, a.put = true, valueOf(a.key, o.Input)
		return o.Outcome != history.Fail, nil
	case "delete":
		a.writes, a.put = true, nullOf(a.key)
		return o.Outcome != history.Fail, nil
	case "cas":
		return r.parseCAS(a)
	default:
		return false, fmt.Errorf("the models below linearizable are decided for registers, which have read, write, cas and delete only")
	}
}

// parseCAS says what a cas did. One from a value to the same value writes it a second time: other clients may see it as a new version.
func (r *reader) parseCAS(a *access) (says bool, err error) {
	o := a.op
	pair, ok := o.Input.List()
	if !ok || len(pair) != 2 {
		return false, fmt.Errorf("its input %v is not a pair of the expected and the new value", o.Input)
	}
	a.reads, a.writes = true, true
	a.found, a.put = valueOf(a.key, pair[0]), valueOf(a.key, pair[1])
	if o.Outcome != history.Fail {
		return true, nil
	}
	if !o.Compared() {
		return false, nil
	}
	if o.Output.Kind() == history.None {
		r.blind++
		return false, nil
	}
	a.writes = false
	expected := a.found
	if a.found = valueOf(a.key, o.Output); a.found == expected {
		a.found.text = "what a failed cas cannot have found" // so that nobody wrote it
	}
	return true, nil
}

func (r *reader) key(name string) int32 {
	k, ok := r.keyNumbers[name]
	if !ok {
		k = int32(len(r.keys))
		r.keyNumbers[name] = k
		r.keys = append(r.keys, name)
		first := nullOf(k)
		if v := r.first.Of(name); v.Kind() != history.None {
			first = valueOf(k, v)
		}
		r.firsts = append(r.firsts, first)
	}
	return k
}

const null = "null"

func nullOf(key int32) value { return value{key: key, text: null} }

func valueOf(key int32, v history.Value) value {
	switch n, ok := v.Int(); {
	case ok:
		return value{key: key, n: n}
	case v.Kind() == history.Nil:
		return nullOf(key)
	default:
		return value{key: key, text: v.String()}
	}
}

// match finds the write of each value that was read, beginning with the writes that certainly took effect: a cas that ended in info and
// was seen has read something as well.
func (r *reader) match() {
	var open []int32
	for i := range r.bound.UpTo(len(r.accesses)) {
		a := &r.accesses[i]
		if a.kept = !a.info; a.kept {
			open = append(open, int32(i))
		}
	}
	for len(open) > 0 {
		r.bound.Spend(1)
		a := &r.accesses[open[len(open)-1]]
		open = open[:len(open)-1]
		if !a.reads {
			continue
		}
		a.writer = r.writerOf(a.found)
		if a.writer == several {
			r.ambiguous++
			a.reads, a.writer = false, nothing
			a.kept = a.writes
		}
		if a.writer >= 0 && !r.accesses[a.writer].kept {
			r.accesses[a.writer].kept = true
			open = append(open, a.writer)
		}
	}
}

func (r *reader) writerOf(v value) int32 {
	if writer, ok := r.writers[v]; ok {
		return writer
	}
	if v == r.firsts[v.key] {
		return initial
	}
	return thinAir
}

// arrange puts what is kept into the order of sessions.
func (r *reader) arrange() {
	numbers := map[int32]int32{} // process → session
	var sizes []int32
	for i := range r.bound.UpTo(len(r.accesses)) {
		a := &r.accesses[i]
		if !a.kept {
			continue
		}
		s, ok := numbers[a.op.Process]
		if !ok {
			s = int32(len(sizes))
			numbers[a.op.Process] = s
			sizes = append(sizes, 0)
		}
		sizes[s]++
	}
	begin := int32(0)
	for _, n := range sizes {
		r.sessions = append(r.sessions, span{begin, begin})
		begin += n
	}
	place := make([]int32, len(r.accesses)) // access → op
	r.ops = make([]op, begin)
	for i := range r.bound.UpTo(len(r.accesses)) {
		a := &r.accesses[i]
		if a.kept {
			s := numbers[a.op.Process]
			place[i] = r.sessions[s].end
			r.sessions[s].end++
			r.ops[place[i]] = op{ref: a.ref, session: s, key: a.key, from: a.writer, writes: a.writes}
		}
	}
	for i := range r.bound.UpTo(len(r.ops)) {
		if from := r.ops[i].from; from >= 0 {
			r.ops[i].from = place[from]
		}
	}
	if r.blind > 0 {
		r.gaps = append(r.gaps, fmt.Sprintf("%s failed cas that did not tell what was found", wording.Grouped(r.blind)))
	}
	if r.ambiguous > 0 {
		r.gaps = append(r.gaps, fmt.Sprintf("%s of values that were written more than once, or deleted", wording.Count(r.ambiguous, "read")))
	}
}

// everything lists all ops.
func (r *reading) everything() []int32 {
	all := make([]int32, len(r.ops))
	for i := range r.bound.UpTo(len(all)) {
		all[i] = int32(i)
	}
	return all
}

// part is the history of some ops as it would be by itself: a write that ended in info is left out if nothing that is kept
// shows that it took effect. Such writes may have seen each other in a circle, which shows nothing.
func (r *reading) part(keep []bool) *reading {
	shown := make([]bool, len(r.ops))
	for i := range r.bound.UpTo(len(r.ops)) {
		if !keep[i] || r.open(int32(i)) {
			continue
		}
		shown[i] = true
		for from := r.ops[i].from; from >= 0 && keep[from] && !shown[from] && r.open(from); from = r.ops[from].from {
			r.bound.Spend(1)
			shown[from] = true
		}
	}
	return r.only(shown)
}

// only is the history of some ops. A read whose write is not among them is left out, a cas of that kind is a write, which
// asks for less: what has no order without them has none with them.
func (r *reading) only(keep []bool) *reading {
	p := &reading{all: r.all, bound: r.bound, keys: r.keys, gaps: r.gaps}
	place := make([]int32, len(r.ops))
	for _, s := range r.sessions {
		begin := int32(len(p.ops))
		r.bound.Spend(int(s.end - s.begin))
		for i := s.begin; i < s.end; i++ {
			o := r.ops[i]
			lost := o.from >= 0 && !keep[o.from]
			if place[i] = nothing; !keep[i] || lost && !o.writes {
				continue
			}
			if lost {
				o.from = nothing
			}
			o.session = int32(len(p.sessions))
			place[i] = int32(len(p.ops))
			p.ops = append(p.ops, o)
		}
		if end := int32(len(p.ops)); end > begin {
			p.sessions = append(p.sessions, span{begin, end})
		}
	}
	for i := range r.bound.UpTo(len(p.ops)) {
		if from := p.ops[i].from; from >= 0 {
			p.ops[i].from = place[from]
		}
	}
	return p
}
