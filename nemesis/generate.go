package nemesis

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Options say which faults Generate draws.
type Options struct {
	Families []string // see ParseFamilies; with none of them there are no faults
	Subject

	// Interval is the mean time from one event of a family to its next, as in Jepsen: it is how long a fault lasts on
	// average, and how long after its end the family begins another.
	Interval time.Duration

	// Intensity is the share of the time that a fault of a family is in effect, more than 0 and less than 1. Faults
	// are longer and the time between them is shorter the more intense they are. 0 is for DefaultIntensity.
	Intensity float64

	First time.Duration // before it no fault begins
	End   time.Duration // by it every fault has ended
}

// DefaultIntensity is as much time with faults as without.
const DefaultIntensity = 0.5

// minInterval is far below what a cluster can notice. It leaves room to move events apart.
const minInterval = 10 * time.Millisecond

// Generate draws a schedule. Each family is a stream of its own, in which a fault ends before the next one
// begins, and there is at least one. A family's stream does not depend on which others are drawn, as
// long as their instants do not meet: its generator follows from the first number of rng and its name.
func Generate(rng *rand.Rand, o Options) (Schedule, error) {
	families, err := o.validate()
	if err != nil {
		return nil, fmt.Errorf("generate schedule: %w", err)
	}
	seed := rng.Uint64()
	used := instants{}
	var s Schedule
	for _, f := range families {
		s = append(s, f.stream(rand.New(rand.NewPCG(seed, hash(f.Name))), o, used)...)
	}
	slices.SortFunc(s, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
	return s, nil
}

func (o Options) validate() ([]family, error) {
	families, err := lookUp(o.Families)
	if err != nil || len(families) == 0 {
		return nil, err
	}
	if err := checkNodes(o.Nodes); err != nil {
		return nil, err
	}
	for _, f := range families {
		if err := f.refuse(o.Suffers); err != nil {
			return nil, err
		}
		if len(o.Nodes) < f.nodes {
			return nil, fmt.Errorf("%s needs %d nodes or more, and there are %d", f.Name, f.nodes, len(o.Nodes))
		}
	}
	switch {
	case o.Interval < minInterval:
		return nil, fmt.Errorf("an interval of %v between faults is shorter than %v", o.Interval, minInterval)
	case o.Intensity != 0 && !(o.Intensity > 0 && o.Intensity < 1):
		return nil, fmt.Errorf("an intensity of %g is not a share of the time", o.Intensity)
	case o.First < 0:
		return nil, fmt.Errorf("the first fault cannot begin at %v, before the start of the test", o.First)
	case o.End-o.First < o.Interval:
		return nil, fmt.Errorf("no room for faults between %v and %v: that is shorter than their mean interval, %v",
			o.First, o.End, o.Interval)
	}
	return families, nil
}

// stream draws the events of one family. Times of faults and between faults are uniform, from a tenth of their
// mean to nearly twice the mean: long enough to be noticed, and so different that short faults and long ones,
// faults in a row and faults alone all happen.
func (f family) stream(rng *rand.Rand, o Options, used instants) Schedule {
	fault, calm := o.means()
	end := o.End - time.Millisecond // to have room for moving events apart
	var s Schedule
	first := (o.First + time.Microsecond - 1).Truncate(time.Microsecond) // as place cuts off what is behind
	begin := first + uniform(rng, 0, o.Interval/2)
	for begin+shortest(fault) < end {
		heal := begin + uniform(rng, shortest(fault), min(longest(fault), end-begin))
		s = append(s, Event{At: used.place(begin), Action: f.draw(rng, o.Subject)})
		if f.end != nil {
			s = append(s, Event{At: used.place(heal), Action: f.end})
		}
		begin = heal + uniform(rng, shortest(calm), longest(calm))
	}
	return s
}

// means are how long a fault lasts, and how long there is none.
func (o Options) means() (fault, calm time.Duration) {
	if o.Intensity == 0 || o.Intensity == DefaultIntensity {
		return o.Interval, o.Interval
	}
	fault = max(minInterval, time.Duration(2*o.Intensity*float64(o.Interval)))
	return fault, max(minInterval, 2*o.Interval-fault)
}

func shortest(mean time.Duration) time.Duration { return mean / 10 }
func longest(mean time.Duration) time.Duration  { return mean / 10 * 19 }

// uniform draws a duration that is at least low and less than high.
func uniform(rng *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(rng.Int64N(int64(high-low)))
}

// instants are those at which something happens.
type instants map[time.Duration]bool

// place returns an instant at t or microseconds later at which nothing happens yet, so that the order of
// what happens is never a matter of taste. Timers of round lengths fire at whole milliseconds: those
// instants are left to them.
func (i instants) place(t time.Duration) time.Duration {
	t = t.Truncate(time.Microsecond)
	for i[t] || t%time.Millisecond == 0 {
		t += time.Microsecond
	}
	i[t] = true
	return t
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
