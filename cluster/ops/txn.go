package ops

import (
	"fmt"

	"faultline/history"
)

// Txn reads and writes several registers in one step. Op.Key is a prefix: the register "a" of the transaction is the key
// Op.Key + "/" + "a" of the store. No register comes twice.
//
//	value   steps, [["r","a",null],["w","b",5]]
//	ok      the same steps, with what the reads found, null for a register that is not there: [["r","a",3],["w","b",5]]
//	fail    it certainly had and will have no effect; it says nothing of what it read
//	info    nobody knows; its writes may take effect later, together
//
// A transaction that only reads has failed if there is no answer. If the store has revisions, Outcome.LogIndex is the one that the
// transaction made or that it read.
const Txn = "txn"

// Step is a part of a transaction: it reads or writes a register.
type Step struct {
	Write    bool
	Register string
	Value    history.Value // what is written or was read; Nil before that, or if there is none
}

// The names of steps.
const (
	readStep  = "r"
	writeStep = "w"
)

// Encode is the step as a value: ["r", register, value] or ["w", register, value].
func (s Step) Encode() history.Value {
	name := readStep
	if s.Write {
		name = writeStep
	}
	return history.ListValue(history.TextValue(name), history.TextValue(s.Register), s.Value)
}

// DecodeStep is the inverse of Step.Encode. The error says what the value is instead.
func DecodeStep(v history.Value) (Step, error) {
	parts, err := fields(v, 3, "a step")
	if err != nil {
		return Step{}, err
	}
	name, err := text(parts[0], "the name of a step")
	if err != nil {
		return Step{}, err
	}
	if name != readStep && name != writeStep {
		return Step{}, fmt.Errorf("a step is %q, which is neither %q nor %q", name, readStep, writeStep)
	}
	register, err := text(parts[1], "a register")
	return Step{Write: name == writeStep, Register: register, Value: parts[2]}, err
}

// EncodeSteps is the argument of a Txn, and its answer.
func EncodeSteps(all []Step) history.Value { return list(all) }

// DecodeSteps is the inverse of EncodeSteps.
func DecodeSteps(v history.Value) ([]Step, error) { return each(v, "a transaction", DecodeStep) }
