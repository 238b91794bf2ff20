package audit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/internal/audit/generate"
	"faultline/internal/audit/oracle"
)

// opinion is what a judge says of a sample.
type opinion struct {
	part checker.Part
	err  error
	none bool // the judge cannot be asked about this sample
}

// linearizable asks whether a sample is linearizable, and tells whether the oracle finds that it is not.
func (a *audit) linearizable(s sample, r *rand.Rand) bool {
	invalid := s.invalidKeys()
	a.ask(s, invalid, "memory", inMemory)
	a.ask(s, invalid, "stream", streamed)
	a.found(s, "linearizations", linearizationsDiffer(s), linearizationsDiffer)
	every, one := r.IntN(8) == 0, r.IntN(2*len(spellings))
	for i, sp := range spellings {
		if every || i == one {
			a.ask(s, invalid, sp.name, func(s sample) opinion { return fromFile(a.dir, sp, s) })
		}
		if every {
			ask := func(s sample) string { return guessDiffers(s, guessed(a.dir, sp, s)) }
			a.found(s, sp.name, ask(s), ask)
		}
	}
	return len(invalid) > 0
}

func (a *audit) ask(s sample, invalid map[string]bool, name string, judge func(sample) opinion) {
	a.found(s, name, differs(s, invalid, judge(s)), func(s sample) string { return differs(s, s.invalidKeys(), judge(s)) })
}

// inMemory asks about all operations at once.
func inMemory(s sample) opinion {
	m, err := linear.ModelByName(s.model)
	if err != nil {
		return opinion{err: err}
	}
	return opinion{part: linear.Linearizable(m, s.operations(), s.bounds())}
}

// streamed asks a stream that closes keys as soon as it can.
func streamed(s sample) opinion {
	m, err := linear.ModelByName(s.model)
	if err != nil {
		return opinion{err: err}
	}
	events, err := generate.Events(s.events)
	if err != nil {
		return opinion{err: err}
	}
	tiny := s.bounds()
	tiny.Memory = 512 * int64(1+s.seed%3) // room for so many operations
	if s.long() {
		tiny.Memory = 512 * 16
	}
	stream, pairing := linear.NewStream(m, tiny), &history.Pairing{}
	for i := range events {
		op, err := pairing.Add(&events[i])
		if err != nil {
			return opinion{err: err}
		}
		stream.Add(&events[i], op)
	}
	part := stream.Finish(pairing.Pending())
	if part.Validity == checker.Unknown && strings.Contains(part.Reason, "memory") {
		return opinion{none: true} // there is none left for a search
	}
	return opinion{part: part}
}

// linearizationsDiffer says which order is shown for a key and is no linearization.
func linearizationsDiffer(s sample) string {
	m, err := linear.ModelByName(s.model)
	if err != nil {
		return err.Error()
	}
	ops := oracle.Operations(s.events)
	for _, l := range linear.Linearizations(m, s.operations(), s.bounds()) {
		var ofKey []oracle.Operation
		at := map[int32]int{} // position among all operations to that among those of the key
		for i, op := range ops {
			if op.Key == l.Key && !idle(s.model, op) {
				at[int32(i)] = len(ofKey)
				ofKey = append(ofKey, op)
			}
		}
		var order []int
		for _, position := range l.Order {
			if i, ok := at[position]; ok {
				order = append(order, i)
			}
		}
		if !oracle.IsLinearization(s.spec(), ofKey, order) {
			return "an order is shown that is no linearization"
		}
	}
	return ""
}

// idle tells that an operation says nothing of its object, so that an order may leave it out.
func idle(model string, op oracle.Operation) bool {
	return model == "counter" && op.Input.Equal(oracle.IntValue(0))
}

// differs says in what an opinion differs from the oracle's.
func differs(s sample, invalid map[string]bool, o opinion) string {
	switch {
	case o.none, o.part.Validity == checker.Unknown && o.err == nil && s.silent():
		return ""
	case o.part.Validity == checker.Unknown && len(invalid) == 0 && s.hollow() && strings.Contains(o.part.Reason, "so the history says little"):
		return ""
	case o.part.Validity == checker.Unknown && s.hasNullElement():
		return "" // the checkers say that they do not know such elements
	case o.err != nil:
		return "error: " + general(o.err.Error())
	case o.part.Validity == checker.Unknown:
		return "unknown: " + general(o.part.Reason)
	case (o.part.Validity == checker.Invalid) != (len(invalid) > 0):
		return fmt.Sprintf("%v, and the oracle says otherwise", o.part.Validity)
	case o.part.Validity == checker.Valid:
		return ""
	}
	if d := keysDiffer(s, invalid, o.part); d != "" {
		return d
	}
	return unexplained(s, o.part.Findings)
}

// hasNullElement tells that null was put into a queue or a stack, or was there at first.
func (s sample) hasNullElement() bool {
	isNull := func(v oracle.Value) bool { return v.Kind() == oracle.Nil }
	return strings.Contains("fifo-queue unordered-queue stack priority-queue", s.model) && slices.ContainsFunc(s.initial.Items(), isNull) || slices.ContainsFunc(s.events, func(e oracle.Event) bool {
		return (e.F == "enqueue" || e.F == "push" || e.F == "insert") && e.Value.Kind() == oracle.Nil
	})
}

// keysDiffer compares the keys that are invalid. One that could not be decided is none.
func keysDiffer(s sample, invalid map[string]bool, part checker.Part) string {
	found, undecided := map[string]bool{}, 0
	for _, f := range part.Findings {
		if f.Validity == checker.Unknown {
			undecided++
			continue
		}
		if !invalid[f.On] {
			return "a valid key is invalid"
		}
		found[f.On] = true
	}
	if len(found)+undecided < len(invalid) {
		return "an invalid key is valid"
	}
	return ""
}

// general takes out of a reason what differs from history to history.
func general(reason string) string {
	var b strings.Builder
	quoted := false
	for _, c := range reason {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c < '0' || c > '9'):
			b.WriteRune(c)
		}
	}
	return b.String()
}
