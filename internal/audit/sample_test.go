package audit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/audit/generate"
	"faultline/internal/audit/oracle"
)

// sample is a history and what it is judged by.
type sample struct {
	model   string       // the object, see linear.Models
	initial oracle.Value // what it holds at first; None for that of the model
	events  []oracle.Event
	seed    uint64        // of how it is spelled
	plain   bool          // each consistency model decides it
	end     time.Duration // what began then or later is final; 0 if nothing says so
}

// drawObject draws a history of an object.
func drawObject(r *rand.Rand, model string) sample {
	o := generate.Options{}
	if r.IntN(10) == 0 {
		o = generate.Options{Operations: 40, Calm: true}
	}
	s := sample{model: model}
	s.events, s.initial = generate.History(r, model, o)
	s.seed = r.Uint64()
	return s
}

// drawRegisters draws a history for the consistency models.
func drawRegisters(r *rand.Rand) sample {
	s := sample{model: "cas-register", plain: r.IntN(4) > 0}
	s.events = generate.Replicated(r, s.plain, generate.Options{Operations: 8})
	if r.IntN(4) == 0 {
		s.events = generate.Settle(r, s.events, time.Duration(r.IntN(3))*time.Second)
	}
	s.seed = r.Uint64()
	return s
}

// spec is the specification that the sample is held to.
func (s sample) spec() oracle.Spec {
	spec := oracle.SpecByName(s.model)
	if s.initial.Kind() != oracle.None {
		spec = spec.Beginning(s.initial)
	}
	return spec
}

// bounds are generous, and say what the objects hold at first.
func (s sample) bounds() checker.Options {
	initial, err := generate.Value(s.initial)
	if err != nil {
		panic(err)
	}
	return checker.Options{Timeout: time.Minute, Initial: checker.InitialValue(initial)}
}

// operations are those of the sample as package history has them.
func (s sample) operations() []history.Operation {
	events, err := generate.Events(s.events)
	if err != nil {
		panic(err)
	}
	ops, err := history.Operations(events)
	if err != nil {
		panic(err)
	}
	return ops
}

// invalidKeys are the keys on which the oracle finds no order.
func (s sample) invalidKeys() map[string]bool {
	spec, invalid := s.spec(), map[string]bool{}
	for key, ops := range oracle.ByKey(oracle.Operations(s.events)) {
		if !oracle.Linearizable(spec, ops) {
			invalid[key] = true
		}
	}
	return invalid
}

// staleness is the bound of bounded staleness.
func (s sample) staleness() time.Duration {
	return []time.Duration{time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond, 500 * time.Millisecond, time.Second}[s.seed%5]
}

// settled is from when on replicas must agree.
func (s sample) settled() time.Duration {
	return s.events[len(s.events)-1].Time - time.Duration(s.seed%3)*time.Millisecond
}

// asked is the sample as the oracle is asked about its consistency.
func (s sample) asked() oracle.History {
	return oracle.History{Operations: oracle.Operations(s.events), Staleness: s.staleness(), Settled: s.settled()}
}

// silent tells that the history says nothing: no client had an answer.
func (s sample) silent() bool {
	return !slices.ContainsFunc(s.events, func(e oracle.Event) bool {
		return e.Process != oracle.Nemesis && (e.Type == oracle.OK || e.Error == oracle.Compared)
	})
}

// hollow tells that a function that has no condition was tried and had no answer once: of a file that is right, that is unknown.
func (s sample) hollow() bool {
	conditional := []string{"cas", "delete", "dequeue", "pop", "drain", "delete-min", "acquire", "release"}
	tried, ok := map[string]bool{}, map[string]bool{}
	for _, e := range s.events {
		if e.Process != oracle.Nemesis && !slices.Contains(conditional, e.F) {
			tried[e.F] = true
			ok[e.F] = ok[e.F] || e.Type == oracle.OK
		}
	}
	for f := range tried {
		if !ok[f] {
			return true
		}
	}
	return false
}

// timed tells that events have times.
func (s sample) timed() bool {
	return slices.ContainsFunc(s.events, func(e oracle.Event) bool { return e.Time != 0 })
}

// keyed tells that operations have keys.
func (s sample) keyed() bool {
	return slices.ContainsFunc(s.events, func(e oracle.Event) bool { return e.Key != "" })
}

// long tells that a stream can close keys and still have the memory for a search.
func (s sample) long() bool { return len(s.events) > 40 }

// minimal drops operations, and steps of transactions, as long as the sample stays of a kind.
func (s sample) minimal(same func(sample) bool) sample {
	for again := true; again; {
		again = false
		for i := len(s.events) - 1; i >= 0; i-- {
			if i >= len(s.events) || s.events[i].Type != oracle.Invoke && s.events[i].Process != oracle.Nemesis {
				continue
			}
			if smaller := s.without(i); len(smaller.events) > 0 && same(smaller) {
				s, again = smaller, true
				continue
			}
			for step := s.steps(i) - 1; step >= 0 && s.steps(i) > 1; step-- {
				if smaller := s.withoutStep(i, step); same(smaller) {
					s, again = smaller, true
				}
			}
		}
	}
	return s
}

// without is the sample without an event and, if it is an invocation, without its completion.
func (s sample) without(at int) sample {
	e := s.events[at]
	rest := slices.Clone(s.events[at+1:])
	if e.Process != oracle.Nemesis {
		completion := slices.IndexFunc(rest, func(c oracle.Event) bool { return c.Process == e.Process })
		if completion >= 0 {
			rest = slices.Delete(rest, completion, completion+1)
		}
	}
	s.events = append(slices.Clone(s.events[:at]), rest...)
	return s
}

// steps is how many steps a transaction has; 0 if the event invokes something else.
func (s sample) steps(at int) int {
	if s.events[at].F != "txn" {
		return 0
	}
	return len(s.events[at].Value.Items())
}

// withoutStep is the sample without a step of the transaction that an event invokes.
func (s sample) withoutStep(at, step int) sample {
	s.events = slices.Clone(s.events)
	completion := at + 1 + slices.IndexFunc(s.events[at+1:], func(c oracle.Event) bool { return c.Process == s.events[at].Process })
	for _, i := range []int{at, completion} {
		steps := slices.Clone(s.events[i].Value.Items())
		s.events[i].Value = oracle.ListValue(slices.Delete(steps, step, step+1)...)
		if completion == at {
			break
		}
	}
	return s
}

// String shows the sample, an event a line.
func (s sample) String() string {
	var b strings.Builder
	if s.initial.Kind() != oracle.None {
		fmt.Fprintf(&b, "  initially %v\n", s.initial)
	}
	if s.end > 0 {
		fmt.Fprintf(&b, "  settled at %v\n", s.end)
	}
	for _, e := range s.events {
		fmt.Fprintf(&b, "  %v process %d %v %s %s %v %s", e.Time, e.Process, e.Type, e.Key, e.F, e.Value, e.Error)
		if e.Claim > 0 {
			fmt.Fprintf(&b, ", claimed to be at %d", e.Claim)
		}
		if e.Final {
			b.WriteString(", final")
		}
		b.WriteString("\n")
	}
	return b.String()
}
