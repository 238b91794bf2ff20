package checker

import "time"

// Options say how a check begins and bound it. Past a bound the answer is unknown.
type Options struct {
	// Timeout bounds the real time that a check takes, all keys together; DefaultTimeout if it is 0.
	Timeout time.Duration
	// Done ends a check when it is closed, as if the time were up; nil for never.
	Done <-chan struct{}
	// Memory bounds the bytes that a check takes for searches: configurations, states and what leads from one part of a history
	// to the next. Keys are searched one after the other, so it holds for all of them together. It does not count the operations
	// themselves, nor what the garbage collector has not collected yet. DefaultMemory if it is 0. Unlike Timeout it cuts off at
	// the same point on every machine.
	Memory int64
	// SecondOpinion says which objects porcupine judges too.
	SecondOpinion SecondOpinion
	// Initial is what objects hold at first; the zero value leaves it to the model.
	Initial Initial
}

// SecondOpinion says which objects another checker judges too.
type SecondOpinion string

const (
	SmallSecondOpinion SecondOpinion = ""     // those on which that is cheap
	FullSecondOpinion  SecondOpinion = "all"  // all, within the bounds of the check
	NoSecondOpinion    SecondOpinion = "none" // none
)

// Bound names a bound of a check.
type Bound string

const (
	TimeBound   Bound = "time"
	MemoryBound Bound = "memory"
)

const (
	DefaultTimeout = 10 * time.Second
	DefaultMemory  = 512 << 20
)

// WithDefaults fills in what is 0.
func (o Options) WithDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	return o
}
