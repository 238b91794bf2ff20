package ops

import (
	"fmt"
	"slices"

	"faultline/history"
)

// StepKind is what a step of a transaction does. A history spells it as its String.
type StepKind uint8

const (
	// ReadStep reads a key: ["r", key, null], and with what it read ["r", key, value]. A key that is not there is null.
	ReadStep StepKind = iota
	// WriteStep writes a key: ["w", key, value]. To write null is to delete the key.
	WriteStep
	// AppendStep appends a value to the list that a key has, or begins one: ["append", key, value].
	AppendStep
	// ScanStep is a predicate read, of all keys that begin with a prefix and are there: ["scan", prefix, null], and with
	// what it read ["scan", prefix, {key: value, …}].
	ScanStep
)

var stepNames = [...]string{ReadStep: "r", WriteStep: "w", AppendStep: "append", ScanStep: "scan"}

func (k StepKind) String() string { return stepNames[k] }

var stepVerbs = [...]string{ReadStep: "read", WriteStep: "write", AppendStep: "append", ScanStep: "scan"}

// Verb is the word for what the step does, as scripts and messages have it.
func (k StepKind) Verb() string { return stepVerbs[k] }

// Step is a part of a transaction: one of Jepsen's micro-operations, or a scan.
type Step struct {
	Kind  StepKind
	Key   string        // the prefix of the keys, if it is a ScanStep
	Value history.Value // what is written or appended, or was read; Nil before it was read
}

// ReadOf, WriteTo, AppendTo and ScanOf are steps that are to be done.
func ReadOf(key string) Step                    { return Step{ReadStep, key, history.NilValue()} }
func WriteTo(key string, v history.Value) Step  { return Step{WriteStep, key, v} }
func AppendTo(key string, v history.Value) Step { return Step{AppendStep, key, v} }
func ScanOf(prefix string) Step                 { return Step{ScanStep, prefix, history.NilValue()} }

// Writes reports whether the step changes its key.
func (s Step) Writes() bool { return s.Kind == WriteStep || s.Kind == AppendStep }

// OnlyRead reports whether none of some steps changes anything.
func OnlyRead(steps []Step) bool { return !slices.ContainsFunc(steps, Step.Writes) }

// Encode is the step as a value: [kind, key, value].
func (s Step) Encode() history.Value {
	return history.ListValue(history.TextValue(s.Kind.String()), history.TextValue(s.Key), s.Value)
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
	kind := slices.Index(stepNames[:], name)
	if kind < 0 {
		return Step{}, fmt.Errorf("a step is %q, which is none of %q", name, stepNames)
	}
	key, err := text(parts[1], "the key of a step")
	return Step{Kind: StepKind(kind), Key: key, Value: parts[2]}, err
}

// EncodeSteps is the argument of a transaction, and its answer.
func EncodeSteps(all []Step) history.Value { return list(all) }

// DecodeSteps is the inverse of EncodeSteps.
func DecodeSteps(v history.Value) ([]Step, error) { return each(v, "a transaction", DecodeStep) }
