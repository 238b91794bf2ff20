package checker

import (
	"fmt"
	"math"
	"runtime"

	"faultline/history"
)

// action is what an item does to its object, or says of it. Each model uses those that it needs.
type action uint8

const (
	reads        action = iota // the register holds want
	writes                     // it holds put afterwards
	swaps                      // it holds want, and put afterwards
	maySwap                    // it holds put afterwards if it holds want: a cas whose answer is unknown
	findsOther                 // it holds anything but want: a failed cas that does not tell what it found
	findsNothing               // no object does this: a failed cas that found what it expected
	appends                    // put comes to the end of the text that it holds
	transacts                  // want is the position of a transaction in lists
	adds                       // put is added
	readsAll                   // want is the position in lists of what is there
	inserts                    // put comes into the queue or onto the stack
	removes                    // want comes out
	removesAny                 // something comes out, or nothing if there is nothing: the answer is unknown
	findsEmpty                 // there is nothing in it
	acquires
	releases
)

// never is the return of an item that may take effect until the end.
const never = math.MaxInt32

// item is one operation as an algorithm needs it: 20 bytes where history.Operation has 128. Operands
// are numbers given by values or positions in lists; call and ret are positions in the history, or in
// what of it concerns the object, no two of them equal but those of never.
type item struct {
	want, put int32
	call, ret int32
	action    action
	pending   bool // it may take effect until the end, or never
}

// object is all that is known of one key.
type object struct {
	name     string
	model    *Model
	ops      []history.Operation // those of the whole history
	refs     []int32             // item → operation; nil in a stream, which keeps none
	items    []item              // by call
	values   *values
	lists    [][]int32
	initials []int32 // the states it can be in at first; nil for that of the machine
	initial  []int32 // that of the machine, once it was asked
	tables   *tables // to be used by all objects in turn
	appended bool    // something was appended to a text: the key of a kv is no register
	culprit  *object // the part that is invalid, if the object was split
	count    int     // of operations, those that say nothing included
	bad      error   // the first operation that the model cannot make sense of

	decision
}

// decision is what was found out of an object.
type decision struct {
	stage    string
	validity Validity
	reason   string
}

// add puts an operation at the end of the object.
func (o *object) add(op *history.Operation, ref int) {
	o.count++
	if o.bad != nil {
		return
	}
	it, says, err := o.model.read(o, op)
	if n := len(o.items); err == nil && n > 0 && op.Invoked <= o.items[n-1].call {
		err = fmt.Errorf("it does not come in the order of invocation")
	}
	if err == nil && (op.Invoked < 0 || op.Invoked >= never || op.Returned >= never) {
		err = fmt.Errorf("its position in the history is not in 0 to %d", never-1)
	}
	if err == nil && op.Outcome != history.Info && op.Returned <= op.Invoked {
		err = fmt.Errorf("it returned at %d, before it was invoked at %d", op.Returned, op.Invoked)
	}
	if err != nil {
		o.bad = fmt.Errorf("%s by process %d at %v: %w", clip(op.F), op.Process, op.Invoke, err)
		return
	}
	if !says {
		return
	}
	it.call, it.ret, it.pending = op.Invoked, op.Returned, op.Outcome == history.Info
	if it.pending {
		it.ret = never
	}
	o.items = append(o.items, it)
	o.refs = append(o.refs, int32(ref))
}

// first lists the states that the object can be in at first.
func (o *object) first() []int32 {
	if o.initials != nil {
		return o.initials
	}
	if o.initial == nil {
		o.initial = []int32{o.model.machine(o).initial()}
	}
	return o.initial
}

// op is the operation that an item was read from.
func (o *object) op(item int) *history.Operation { return &o.ops[o.refs[item]] }

// pending counts the items that may take effect until the end.
func (o *object) pending() int {
	n := 0
	for i := range o.items {
		if o.items[i].pending {
			n++
		}
	}
	return n
}

// produces returns the value that a register may hold because of it, or that is in a container.
func (it *item) produces() (v int32, ok bool) {
	switch it.action {
	case writes, swaps, maySwap, adds, inserts:
		return it.put, true
	default:
		return 0, false
	}
}

// observes returns the value that a register must hold for it to take effect, or that a container has.
func (it *item) observes() (v int32, ok bool) {
	switch it.action {
	case reads, swaps, maySwap, removes:
		return it.want, true
	default:
		return 0, false
	}
}

// warmed is how many operations are warmed at once. They stay in the processor's first cache.
const warmed = 64

// objects splits operations by key, in order of appearance.
func objects(m *Model, ops []history.Operation, c *clock) []*object {
	all, owner := owners(m, ops, c)
	var warmth int32
	for i := range c.upTo(len(ops)) {
		if i%warmed == 0 {
			for k := i; k < min(i+warmed, len(ops)); k++ {
				warmth += all[owner.of(k)].values.warm(&ops[k])
			}
		}
		o := all[owner.of(i)]
		o.add(&ops[i], i)
		if n := len(o.lists); n > 0 {
			c.spend(len(o.lists[n-1])) // reading a list takes longer than reading an operation
		}
	}
	runtime.KeepAlive(warmth)
	if len(all) > 1 {
		renumber(all, c)
	}
	return all
}

// owner tells which object an operation is of. It is nil where there is but one.
type owner []int32

func (w owner) of(operation int) int32 {
	if w == nil {
		return 0
	}
	return w[operation]
}

// owners makes the objects, with room for their operations.
func owners(m *Model, ops []history.Operation, c *clock) ([]*object, owner) {
	if len(ops) == 0 {
		return nil, nil
	}
	var all []*object
	var sizes []int
	var of owner
	shared, byKey := &tables{}, map[string]int32{}
	known, key := int32(none), ""
	for i := range c.upTo(len(ops)) {
		if k := ops[i].Key; known == none || k != key {
			next, ok := byKey[k]
			if !ok {
				next = int32(len(all))
				byKey[k] = next
				all = append(all, &object{name: k, model: m, ops: ops, tables: shared})
				sizes = append(sizes, 0)
			}
			if next > 0 && of == nil {
				of = make(owner, len(ops))
			}
			known, key = next, k
		}
		if of != nil {
			of[i] = known
		}
		sizes[known]++
	}
	items, refs, numbers := make([]item, len(ops)), make([]int32, len(ops)), make([]values, len(all))
	for k, o := range all {
		n := sizes[k]
		numbers[k] = *newValues(n)
		o.values = &numbers[k]
		o.items, items = items[:0:n], items[n:]
		o.refs, refs = refs[:0:n], refs[n:]
	}
	return all, of
}

// renumber counts positions by object, so that an array over them is as long as the object's history and
// not as the whole. It changes no order. Where positions are far apart or not unique they stay as they are.
func renumber(all []*object, c *clock) {
	events, end := 0, int32(0)
	for _, o := range all {
		for i := range c.upTo(len(o.items)) {
			it := &o.items[i]
			if end = max(end, it.call+1); it.ret != never {
				end = max(end, it.ret+1)
			}
		}
		events += 2 * len(o.items)
	}
	if int(end) > 4*events+1024 {
		return
	}
	owner := make([]int32, end) // position → object, from 1
	for k, o := range all {
		for i := range c.upTo(len(o.items)) {
			it := &o.items[i]
			if owner[it.call] != 0 || it.ret != never && owner[it.ret] != 0 {
				return
			}
			if owner[it.call] = int32(k) + 1; it.ret != never {
				owner[it.ret] = int32(k) + 1
			}
		}
	}
	counts := make([]int32, len(all)+1)
	for p := range c.upTo(len(owner)) {
		k := owner[p]
		owner[p] = counts[k]
		counts[k]++
	}
	for _, o := range all {
		for i := range c.upTo(len(o.items)) {
			it := &o.items[i]
			if it.call = owner[it.call]; it.ret != never {
				it.ret = owner[it.ret]
			}
		}
	}
}
