package linear

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/history"
)

// Model is a sequential specification: what one object does when its operations come one at a time.
// Each key of a history is such an object, and a history is linearizable exactly if each of its keys
// is (Herlihy and Wing 1990, theorem 1: linearizability is local).
type Model struct {
	name      string
	functions []string // what its operations may be called
	// read puts what an operation does to the object into an item; says is false if it says nothing of it.
	read func(*object, *history.Operation, *item) (says bool, err error)
	// machine is the specification itself, for one object.
	machine func(*object) machine
	// hold puts a value that an object holds at first into the numbers that its machine and its stages begin with.
	hold func(*values, history.Value) ([]int32, error)
	// initial is what objects hold at first; the zero value leaves it to the machine.
	initial checker.Initial
	// direct decides without a search where it can; it leaves the answer Unknown where its
	// precondition fails. It is nil for a model without such an algorithm.
	direct func(*object, *clock) checker.Validity
	stage  string // what direct is called
	// split takes an object apart into independent ones; nil if the model knows no way.
	split func(*object) []*object
	// registers says that the items are those of one register, so that windows can be cut from it.
	registers bool
	// drop shrinks a history that has no order; see shrink.go.
	drop dropping
}

// Name is the name that users know the model by.
func (m Model) Name() string { return m.name }

// Functions are the names of the operations that the model knows.
func (m Model) Functions() []string { return m.functions }

// Models lists all models.
func Models() []Model {
	return []Model{
		Register(), CASRegister(), MultiRegister(), KV(), Set(), FIFOQueue(), UnorderedQueue(), Stack(), PriorityQueue(), Counter(), Mutex(),
	}
}

// ModelByName finds a model by its name.
func ModelByName(name string) (Model, error) {
	var names []string
	for _, m := range Models() {
		if m.name == name {
			return m, nil
		}
		names = append(names, m.name)
	}
	return Model{}, fmt.Errorf("there is no model %q; the models are %s", name, strings.Join(names, ", "))
}

// machine is a sequential specification over the items of one object. A state is a small integer; what
// it stands for is the machine's affair, so that a search can remember it in four bytes.
type machine interface {
	initial() int32
	// after appends the states that the object may be in after an item, none if the item cannot happen.
	after(state int32, it *item, to []int32) []int32
	// pure reports whether an item leaves every state as it is.
	pure(it *item) bool
	describe(state int32) string
}
