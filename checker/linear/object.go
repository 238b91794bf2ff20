package linear

import (
	"cmp"
	"fmt"
	"math"
	"slices"

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
	repeats                    // no set does this: want is the position in lists of a list that has an element twice
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
// are numbers given by values or positions in lists; call and ret are positions in the history or in
// the object; distinct, except never.
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
	begins   []int32 // what it holds at first, in the numbers of its model; nil if that is left to the model
	initials []int32 // the states it can be in at first; nil for that of the machine
	initial  []int32 // that of the machine, once it was asked
	tables   *tables // to be used by all objects in turn
	appended bool    // something was appended to a text: the key of a kv is no register
	textless bool    // what is no text was put there
	further  []int32 // what else the operation took out that is being added
	count    int     // of operations, those that say nothing included
	bad      error   // the first operation that the model cannot make sense of

	allowance *allowance // while it is being decided: granted
	granted   allowance
	decision
}

// With these it is a subject that has been read; explain.go has the rest.
func (o *object) load(*clock) *object { return o }
func (o *object) settle(*object)      {}
func (o *object) verdict() (name string, d decision, operations int) {
	return o.name, o.decision, o.count
}

// add puts an operation at the end of the object, which has room for it.
func (o *object) add(op *history.Operation, ref int, c *clock) {
	o.addAt(op, ref, interval{op.Invoked, op.Returned}, c)
}

// addAt adds an operation whose events have other places in the object than in the history.
func (o *object) addAt(op *history.Operation, ref int, at interval, c *clock) {
	o.count++
	if o.bad != nil {
		return
	}
	n := len(o.items)
	o.items = slices.Grow(o.items, 1)[:n+1] // it has room, unless operations took out several elements
	it := &o.items[n]
	*it = item{call: at.call, ret: at.ret}
	if op.Outcome == history.Info {
		it.ret, it.pending = never, true
	}
	before := int32(-1)
	if n > 0 {
		before = o.items[n-1].call
	}
	says, err := o.model.read(o, op, it)
	if err != nil || it.call <= before || it.ret <= it.call || at.ret >= never {
		o.bad = cmp.Or(err, misplaced(op, at, before))
	}
	if o.bad != nil {
		o.bad = fmt.Errorf("%s by process %d at %v: %w", clip(op.F), op.Process, op.Invoke, o.bad)
	}
	if !says || o.bad != nil {
		o.items = o.items[:n]
		return
	}
	o.refs = append(o.refs, int32(ref))
	if len(o.further) > 0 {
		o.take(*it, ref)
	}
	if lists := len(o.lists); lists > 0 {
		c.Spend(4 * len(o.lists[lists-1])) // reading a list takes longer than reading an operation
	}
}

// take adds an item for each element that the operation of an item took out in addition to the item's own.
func (o *object) take(it item, ref int) {
	for _, v := range o.further {
		it.want = v
		o.items, o.refs = append(o.items, it), append(o.refs, int32(ref))
	}
	o.further = o.further[:0]
}

// misplaced says what is wrong with the positions of an operation, if anything is: before is where the last
// one was invoked.
func misplaced(op *history.Operation, at interval, before int32) error {
	switch {
	case before >= 0 && at.call <= before:
		return fmt.Errorf("it does not come in the order of invocation")
	case at.call < 0 || at.call >= never || at.ret >= never:
		return fmt.Errorf("its position in the history is not in 0 to %d", never-1)
	case op.Outcome != history.Info && at.ret <= at.call:
		return fmt.Errorf("it returned at %d, before it was invoked at %d", op.Returned, op.Invoked)
	default:
		return nil
	}
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
