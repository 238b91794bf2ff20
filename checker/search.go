package checker

import (
	"time"

	"github.com/anishathalye/porcupine"
)

// Porcupine is the stage that searches for an order: Wing and Gong's algorithm with Lowe's memory of
// configurations (Lowe 2017, "Testing for linearizability"). It needs nothing of its model and takes
// exponential time at worst.
const Porcupine = "porcupine"

// Options bound a check. Past a bound the answer is unknown.
type Options struct {
	// Timeout bounds the real time that a check takes, all keys together; DefaultTimeout if it is 0.
	Timeout time.Duration
	// Memory bounds, roughly, the bytes that the search of one key remembers configurations in;
	// DefaultMemory if it is 0. Unlike Timeout it cuts off at the same point on every machine.
	Memory int64
}

const (
	DefaultTimeout = 10 * time.Second
	DefaultMemory  = 512 << 20
)

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	return o
}

// bytesPerConfiguration is what porcupine's memory costs for each configuration beside its bit set.
const bytesPerConfiguration = 120

// search asks porcupine, within the bounds. The bound on memory works through the model: porcupine
// remembers at most one configuration for each step the model accepts, so a model that accepts
// nothing once there were enough of them makes it give up at once.
type search struct {
	q     question
	limit int // how many steps the model may accept
	steps int
}

func newSearch(q question, memory int64) *search {
	s := &search{q: q}
	s.limit = int(memory / int64(bytesPerConfiguration+len(q.operations)/8))
	return s
}

func (s *search) model() porcupine.Model {
	m := s.q.model
	accepts := m.Step
	m.Step = func(state, input, output any) (bool, any) {
		if s.steps >= s.limit {
			return false, state
		}
		ok, next := accepts(state, input, output)
		if ok {
			s.steps++
		}
		return ok, next
	}
	return m
}

// run searches. If it could not decide, the reason says which bound it met.
func (s *search) run(timeout time.Duration) (_ Validity, reason string) {
	if timeout <= 0 {
		return Unknown, "no time was left for it"
	}
	s.steps = 0
	switch porcupine.CheckOperationsTimeout(s.model(), s.q.operations, timeout) {
	case porcupine.Ok:
		return Valid, ""
	case porcupine.Unknown:
		// The search may still be in its last step: its counter is not ours to read.
		return Unknown, "the search met its bound on time"
	default:
		if s.steps >= s.limit {
			return Unknown, "the search met its bound on memory"
		}
		return Invalid, ""
	}
}
