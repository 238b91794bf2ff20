package checker

import (
	"github.com/anishathalye/porcupine"

	"faultline/history"
)

// Model is a sequential specification: what one object does when its operations come one at a time.
// Each key of a history is such an object, and a history is linearizable exactly if each of its keys
// is (Herlihy and Wing 1990, theorem 1: linearizability is local).
type Model struct {
	name string
	// compile states the question for the operations on one key. Its error says which operation the
	// model cannot make sense of.
	compile func([]history.Operation) (question, error)
}

// Name is the name that users know the model by.
func (m Model) Name() string { return m.name }

// question asks porcupine whether operations have an order that a model accepts. Call and Return are
// positions in the history, so that no two of them are equal but the returns of operations that may
// take effect until the end.
type question struct {
	model      porcupine.Model
	operations []porcupine.Operation
	pending    int // how many of the operations may take effect until the end
	// proposed is the order that the system claims, as positions in operations; nil if it claims none.
	proposed []int
}
