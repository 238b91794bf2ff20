// Package objects has the types of objects that stores keep besides registers, as state machines: sets, queues, logs, counters, banks,
// locks, and transactions on registers. Package ops says what their operations mean.
//
// Whoever makes the same calls in the same order has the same state, with the same answers and the same encoding. How calls are put
// in one order, and how a call that a client sends twice is known again, is the store's affair.
//
// What objects hold are integers, except for the keys of transactions. A call takes time that does not grow with what its object holds, unless its answer does. A copy
// of an object takes no more, so a store may take a snapshot whenever it likes. The keys of transactions are copied one by one, and so are
// the registers of a store.
package objects

import (
	"encoding/json"
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// Call is an operation on an object.
type Call struct {
	Name     string // as cluster.Op.Name has it: "set.add"
	Key      string
	Argument string // JSON, which may be padded; empty for none
	Client   uint64 // who calls: a lock belongs to a client
	Index    uint64 // the position of the call in the store's order, larger than those of all calls before it
}

// Answer is what comes of a call.
type Answer struct {
	Value  history.Value // None if there is nothing to say
	Failed bool          // the object is not in a state that allows it, and stays as it is: history.PreconditionFailed
}

// ok is an answer without a value, and refused is that to a call that the object's state does not allow.
var (
	ok      = Answer{}
	refused = Answer{Failed: true}
)

func answer(v history.Value) Answer { return Answer{Value: v} }

// kind is a type of object.
type kind struct {
	name    string // as in package ops; empty for a type whose operations tell it by themselves
	changes []string
	queries []string // operations that change nothing
	// asks reports whether an operation among changes changes nothing after all, by its argument; nil if each may change something.
	asks func(argument history.Value) bool
	// check refuses an argument that an operation cannot have.
	check func(f string, argument history.Value) error
	fresh func() Object // as it is before the first call; it is decoded as JSON too
}

// kinds are all types of object. Transactions on registers (ops.Txn without an object) are not among them: their registers are the
// store's.
var kinds = []kind{sets, queues, ids, counters, banks, locks, reentrantLocks, semaphores, logs, transactions}

// function is an operation on a type of object.
type function struct {
	kind    *kind
	f       string
	changes bool
}

// queries reports whether the operation changes nothing with such an argument.
func (f function) queries(argument history.Value) bool {
	return !f.changes || f.kind.asks != nil && f.kind.asks(argument)
}

// functions are all operations by their names.
var functions = func() map[string]function {
	all := map[string]function{}
	for i := range kinds {
		k := &kinds[i]
		for _, f := range slices.Concat(k.changes, k.queries) {
			all[cluster.Op{Object: k.name, F: f}.Name()] = function{k, f, slices.Contains(k.changes, f)}
		}
	}
	return all
}()

// Ops are the operations by their names, a type at a time. Transactions on registers are not among them.
func Ops() []string {
	var names []string
	for _, k := range kinds {
		for _, f := range slices.Concat(k.changes, k.queries) {
			names = append(names, cluster.Op{Object: k.name, F: f}.Name())
		}
	}
	return names
}

// Queries reports whether an operation changes nothing.
func Queries(op cluster.Op) bool {
	if op.Name() == ops.Txn {
		return onlyReads(op.Value)
	}
	f, known := functions[op.Name()]
	return known && f.queries(op.Value)
}

// Check refuses an operation that no type of object has, or that cannot have such an argument.
func Check(op cluster.Op) error {
	if op.Name() == ops.Txn {
		return checkTxn(op.Value)
	}
	f, known := functions[op.Name()]
	if !known {
		return fmt.Errorf("the store has no operation %q", op.Name())
	}
	if err := f.kind.check(f.f, op.Value); err != nil {
		return fmt.Errorf("%s: %w", op.Name(), err)
	}
	return nil
}

// Object is the state of one object.
type Object interface {
	// change carries out an operation that may change the object.
	change(f string, argument history.Value, c Call) Answer
	// Clone returns a copy that further calls do not change.
	Clone() Object
	json.Marshaler
	json.Unmarshaler
}

// queried is an Object that has operations which change nothing.
type queried interface {
	query(f string, argument history.Value) Answer
}

// Argument is the argument of an operation as a call has it. The padding is bytes that say nothing, see cluster.Op.
func Argument(v history.Value, padding int) string {
	if v.Kind() == history.None {
		return cluster.Pad("", padding)
	}
	return cluster.Pad(v.String(), padding)
}

// argument reads the argument of a call that was checked.
func (c Call) argument() history.Value {
	text := cluster.Unpad(c.Argument)
	if text == "" {
		return history.Value{}
	}
	v, err := history.ParseValue([]byte(text))
	if err != nil {
		return history.Value{}
	}
	return v
}
