package replicated

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// object is what clients asked of an object, and what they were told.
type object struct {
	*perkey.Object
	dataType dataType
	updates  []*update // that were asked for, in that order
	byDot    map[logical.Dot]*update
	answers  []*answer // in the order in which they were asked for
	due      int       // how many updates were acknowledged
	finals   int       // how many reads of the last phase were answered
}

// update is an update that a client asked for.
type update struct {
	ops.Update
	stamp logical.Stamp
	op    *history.Operation

	// What the argument says. The key is what the update is about: an element, a key of a map, a node of a tree; else 0.
	key, value    int64
	after, before logical.Dot // of an insert: zero for the beginning and the end
	character     logical.Dot // of a delete
}

// answer is what a client was told, of a read or of an update.
type answer struct {
	ops.Seen
	op     *history.Operation
	wanted logical.Vector // what its client had seen
	made   *update        // by it; nil for a read
	sees   []*update      // in the order of stamps; nil if it cannot be known
}

// read reads the operations on an object. The finding says what cannot be read.
func read(o *perkey.Object) (*object, *checker.Finding) {
	name, _, _ := strings.Cut(o.Name, "/")
	t, known := dataTypes[name]
	if !known {
		f := o.Unreadable(o.Operations[0], fmt.Sprintf("the key begins with no replicated data type, such as or-set/1 does, but with %q", name))
		return nil, &f
	}
	all := &object{Object: o, dataType: t, byDot: map[logical.Dot]*update{}}
	for _, op := range o.Operations {
		if err := all.add(op); err != nil {
			f := o.Unreadable(op, err.Error())
			return nil, &f
		}
	}
	for _, a := range all.answers {
		a.sees = all.visible(a)
		if a.made == nil && o.Final(a.op) {
			all.finals++
		}
	}
	return all, nil
}

func (o *object) add(op *history.Operation) (err error) {
	a := &answer{op: op}
	if op.F == ops.Read {
		a.wanted, err = ops.DecodeVector(op.Input)
	} else {
		a.made, err = o.update(op)
	}
	if err != nil || op.Outcome != history.OK {
		return err
	}
	if a.made != nil {
		a.wanted = a.made.Context
		o.due++
	}
	if a.Seen, err = ops.DecodeSeen(op.Output); err != nil {
		return err
	}
	if a.made == nil && a.Value.Kind() == history.None {
		return fmt.Errorf("its answer has no value")
	}
	o.answers = append(o.answers, a)
	return nil
}

// update reads what a client asked for.
func (o *object) update(op *history.Operation) (*update, error) {
	asked, err := ops.DecodeUpdate(op.Input)
	if err != nil {
		return nil, err
	}
	u := &update{Update: asked, stamp: asked.Stamp(), op: op}
	read := o.dataType.arguments[op.F]
	switch {
	case read == nil:
		return nil, fmt.Errorf("%s has no such update", o.Name)
	case o.byDot[u.Dot] != nil:
		return nil, fmt.Errorf("another update is called %v, too", u.Dot)
	case u.Context[u.Node] != u.N-1:
		return nil, fmt.Errorf("it is called %v, and its context %s has not all earlier updates of %s", u.Dot, ops.EncodeVector(u.Context).Shown(), u.Node)
	}
	o.updates = append(o.updates, u)
	o.byDot[u.Dot] = u
	return u, read(u)
}

// String names an update: "process 2's add of 5 (c2:1)".
func (u *update) String() string {
	return fmt.Sprintf("process %d's %s of %s (%v)", u.op.Process, u.op.F, perkey.Short(u.Argument), u.Dot)
}

// String names an answer: "process 3's read of or-set/1 at n2".
func (a *answer) String() string {
	text := fmt.Sprintf("process %d's %s of %s", a.op.Process, a.op.F, a.op.Key)
	if a.made != nil {
		text = fmt.Sprintf("the answer to %v on %s", a.made, a.op.Key)
	}
	if node := a.op.Node(); node != "" {
		text += " at " + node
	}
	return text
}
