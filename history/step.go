package history

// Step is a step of a transaction on registers whose keys and values are integers: ["w" 3 17], ["r" 4 17], or ["r" 4 nil].
type Step struct {
	Key, Value int64
	Write      bool
	Nil        bool // nothing was read, and Value says nothing
}

// The first element of a step.
var readStep, writeStep = TextValue("r"), TextValue("w")

// value is a step as Jepsen has it.
func (s Step) value() Value {
	f, v := readStep, IntValue(s.Value)
	if s.Write {
		f = writeStep
	}
	if s.Nil {
		v = NilValue()
	}
	return ListValue(f, IntValue(s.Key), v)
}

// Steps returns the steps of a transaction of a log by sessions, which are kept as such: as Values of their own they would take ten times the
// memory. It returns nil of any other value, whatever its elements are. The caller must not change them.
func (v Value) Steps() []Step {
	if v.shape == nil || v.shape.steps == nil {
		return nil
	}
	return *v.shape.steps
}
