package shrink

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/nemesis"
	"faultline/world"
)

// needs is a store that fails if a run has all that is needed, and a seed with which it comes to pass.
type needs struct {
	events  []string // actions, in this order
	keys    int
	clients int
	rate    float64
	limit   time.Duration
	rarity  uint32 // with one seed in so many; what else is in the spec decides which ones
}

func (n needs) try(_ context.Context, c candidate) (outcome, error) {
	left := n.events
	for _, e := range c.schedule {
		if len(left) > 0 && e.Action.String() == left[0] {
			left = left[1:]
		}
	}
	spec := c.spec
	t := outcome{operations: operations(spec)}
	t.fails = len(left) == 0 && c.keys() >= n.keys && spec.Concurrency >= n.clients && spec.Rate >= n.rate &&
		spec.TimeLimit >= n.limit && chance(c)%max(1, n.rarity) == 0
	return t, nil
}

func operations(s world.Spec) int { return int(s.Rate * s.TimeLimit.Seconds()) }

// chance is a number that follows from all of a candidate.
func chance(c candidate) uint32 {
	h := fnv.New32a()
	h.Write([]byte(c.name()))
	return h.Sum32()
}

// someFaults are valid in this order, and most of them are without some of the others.
const someFaults = `
	1.5s     partition leader | rest
	2.25s    heal
	3s       crash leader
	4.125s   restart all
	5s       pause leader
	6.75s    resume all
	7s       powerloss leader
	8.0625s  restart all
`

// failing is a candidate with some of the events above.
func failing(t *rapid.T) candidate {
	all, err := nemesis.Parse(someFaults)
	if err != nil {
		t.Fatal(err)
	}
	c := candidate{spec: world.Spec{Seed: 1, TimeLimit: 20 * time.Second, Rate: 200, Concurrency: 10, Workload: "register",
		Clock: world.Virtual, Nodes: 3}}
	for _, e := range all {
		if rapid.Bool().Draw(t, e.String()) {
			c.schedule = append(c.schedule, e)
		}
	}
	if c.schedule.Check(c.spec.Subject()) != nil {
		c.schedule = all
	}
	return c
}

// drawNeeds draws what a candidate has, so that it fails.
func drawNeeds(t *rapid.T, c candidate) needs {
	n := needs{
		keys:    rapid.IntRange(1, 20).Draw(t, "keys"),
		clients: rapid.IntRange(1, 10).Draw(t, "clients"),
		rate:    rapid.SampledFrom([]float64{0.5, 1, 10, 30, 200}).Draw(t, "rate"),
		limit:   rapid.SampledFrom([]time.Duration{0, time.Second, 13 * time.Second}).Draw(t, "limit"),
	}
	for _, e := range c.schedule {
		if rapid.Bool().Draw(t, "need "+e.String()) {
			n.events = append(n.events, e.Action.String())
		}
	}
	return n
}

func newSearch(try tester, c candidate, workers int) *search {
	return &search{try: try, meter: trial.NewMeter(trial.Progress{}, nil), workers: workers, best: c, outcome: outcome{fails: true, operations: operations(c.spec)}, seeds: []uint64{1, 2, 3}, passed: map[string]bool{}}
}

// What is left is what the failure needs, and nothing else except what makes the schedule valid.
func TestSearchFindsWhatIsNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := failing(t)
		n := drawNeeds(t, c)
		s := newSearch(n.try, c, 1)
		s.run(context.Background())
		spec := s.best.spec
		if s.err != nil || s.best.keys() != n.keys || spec.Concurrency != n.clients || spec.Rate > max(1, 2*n.rate) || spec.Rate > 200 {
			t.Errorf("%v: %d keys, %d clients, %g operations/s", s.err, s.best.keys(), spec.Concurrency, spec.Rate)
		}
		if again, _ := n.try(t.Context(), s.best); !again.fails {
			t.Error("what was found does not fail")
		}
		for i := range s.best.schedule { // it is 1-minimal
			less := s.with(slices.Delete(slices.Clone(s.best.schedule), i, i+1))
			if again, _ := n.try(t.Context(), less); again.fails {
				t.Errorf("%q can be left out of\n%s", s.best.schedule[i], s.best.schedule)
			}
		}
		if left := strings.Split(strings.TrimSpace(s.best.schedule.String()), "\n"); len(n.events) == 0 && len(left[0]) > 0 {
			t.Errorf("no events are needed, and left are %q", left)
		}
	})
}

// A violation that shows only when all is over says nothing of where the test could end: that is found by halves, and not event by event.
func TestAViolationWithoutAMoment(t *testing.T) {
	var text strings.Builder
	for i := range 64 {
		fmt.Fprintf(&text, "%ds crash n1\n%dms restart n1\n", 2*i+1, 2000*i+1500)
	}
	schedule, err := nemesis.Parse(text.String())
	if err != nil {
		t.Fatal(err)
	}
	c := candidate{spec: world.Spec{Seed: 1, TimeLimit: 200 * time.Second, Rate: 200, Concurrency: 10, Workload: "register", Clock: world.Virtual, Nodes: 3}, schedule: schedule}
	worlds := 0
	fails := func(_ context.Context, c candidate) (outcome, error) {
		worlds++
		return outcome{fails: len(c.schedule) >= 7, invoked: c.spec.TimeLimit + time.Second}, nil
	}
	s := newSearch(fails, c, 1)
	s.outcome.invoked = c.spec.TimeLimit + time.Second
	s.keepPart(context.Background())
	if len(s.best.schedule) != 7 || worlds > 30 {
		t.Errorf("%d events are left after %d worlds", len(s.best.schedule), worlds)
	}
	s = newSearch(fails, c, 1)
	s.outcome.invoked = time.Second
	if s.keepPart(context.Background()); len(s.best.schedule) != len(schedule) {
		t.Error("where there is a moment it is for cut to end the test there")
	}
}

// What a person reads at once is not given up for a run that has less of something else, but more operations.
func TestAScreenIsKept(t *testing.T) {
	c := candidate{spec: world.Spec{Seed: 1, TimeLimit: time.Second, Rate: 30, Concurrency: 10, Workload: "queue", Clock: world.Virtual, Nodes: 3}}
	repeating := func(_ context.Context, c candidate) (outcome, error) { // what few clients lack they ask for again and again
		return outcome{fails: true, operations: operations(c.spec) + 10*(10-c.spec.Concurrency)}, nil
	}
	s := newSearch(repeating, c, 1)
	s.run(t.Context())
	if s.err != nil || s.outcome.operations > screen {
		t.Errorf("%v, %d operations are left of %s", s.err, s.outcome.operations, s.best.name())
	}
}

// jittery answers some candidates late, and so in another order.
type jittery struct{ try tester }

func (j jittery) late(ctx context.Context, c candidate) (outcome, error) {
	for range chance(c) % 7 {
		runtime.Gosched()
	}
	return j.try(ctx, c)
}

// How many candidates are tried at once changes neither what is found nor the number of worlds it took.
func TestSearchDoesNotDependOnWorkers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := failing(t)
		n := drawNeeds(t, c)
		n.rarity = rapid.Uint32Range(1, 5).Draw(t, "rarity")
		alone, together := newSearch(n.try, c, 1), newSearch(jittery{n.try}.late, c, 4)
		alone.run(context.Background())
		together.run(context.Background())
		if alone.best.name() != together.best.name() || alone.meter.Done != together.meter.Done {
			t.Errorf("alone, after %d worlds:\n%s\ntogether, after %d:\n%s", alone.meter.Done, alone.best.name(), together.meter.Done, together.best.name())
		}
	})
}

// The best never becomes worse in anything, and it always is one that fails.
func TestSearchOnlyGetsBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := failing(t)
		n := drawNeeds(t, c)
		n.rarity = rapid.Uint32Range(1, 5).Draw(t, "rarity")
		s := newSearch(n.try, c, 2)
		last := s.best
		s.meter = trial.NewMeter(trial.Progress{}, func(trial.Progress) {
			a, b := last, s.best
			if b.name() == last.name() {
				return
			}
			if len(b.schedule) > len(a.schedule) || b.keys() > a.keys() || b.spec.Concurrency > a.spec.Concurrency ||
				b.spec.Rate > a.spec.Rate || b.spec.TimeLimit > a.spec.TimeLimit {
				t.Errorf("from %s\nto %s", a.name(), b.name())
			}
			if again, _ := n.try(t.Context(), b); !again.fails || !b.proper() {
				t.Errorf("%s is no run that fails", b.name())
			}
			last = b
		})
		s.run(context.Background())
	})
}

// ending is a tester that ends the search after some trials.
type ending struct {
	needs
	mu    sync.Mutex
	left  int
	ended func(error)
}

var errEnded = errors.New("ended")

func (e *ending) try(ctx context.Context, c candidate) (outcome, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.left--; e.left < 0 {
		e.ended(errEnded)
		return outcome{}, context.Cause(ctx)
	}
	return e.needs.try(ctx, c)
}

// A search that is ended says why, tries nothing more, and has what it had found.
func TestSearchThatIsEnded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := failing(t)
		n := drawNeeds(t, c)
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		trials := rapid.IntRange(0, 10).Draw(t, "trials")
		s := newSearch((&ending{needs: n, left: trials, ended: cancel}).try, c, rapid.IntRange(1, 3).Draw(t, "workers"))
		s.run(ctx)
		if s.meter.Done > trials {
			t.Errorf("%d worlds", s.meter.Done)
		}
		if s.err != nil && !errors.Is(s.err, errEnded) {
			t.Errorf("it ended with %v", s.err)
		}
		if again, _ := n.try(t.Context(), s.best); !again.fails {
			t.Error("what was found does not fail")
		}
	})
}

// A defect of the tester ends the search too.
func broken(context.Context, candidate) (outcome, error) { return outcome{}, errEnded }

func TestSearchReportsErrors(t *testing.T) {
	c := candidate{spec: trialtest.Quick()}
	s := newSearch(broken, c, 2)
	s.run(context.Background())
	if !errors.Is(s.err, errEnded) || s.meter.Done != 0 || s.best.name() != c.name() {
		t.Errorf("%v after %d worlds: %s", s.err, s.meter.Done, s.best.name())
	}
}

// costly counts what its worlds cost, and ends the search when that is used up.
type costly struct {
	needs
	left  float64
	ended func(error)
}

func (c *costly) try(ctx context.Context, d candidate) (outcome, error) {
	if c.left -= d.cost(); c.left < 0 {
		c.ended(errEnded)
		return outcome{}, context.Cause(ctx)
	}
	return c.needs.try(ctx, d)
}

// What one seed in many shows loses most of its events for what two hundred worlds of all of them cost: each candidate
// is another throw of the dice, and there are many cheap ones. What it needs is spread over the schedule.
func TestSearchOfWhatIsRare(t *testing.T) {
	const cycle = 8 * time.Second
	cycles := strings.Repeat(someFaults, 5)
	all, err := nemesis.Parse(cycles)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].At += time.Duration(i/(len(all)/5)) * cycle
	}
	c := candidate{schedule: all, spec: world.Spec{TimeLimit: 5*cycle + time.Second, Rate: 200, Concurrency: 10,
		Workload: "register", Clock: world.Virtual, Nodes: 3}}
	n := needs{events: []string{"powerloss leader", "pause leader", "crash leader"}, keys: 1, clients: 1, rarity: 30}
	var left []int
	for seed := range uint64(21) {
		c.spec.Seed = seed
		ctx, cancel := context.WithCancelCause(t.Context())
		s := newSearch((&costly{n, 200 * c.cost(), cancel}).try, c, 1)
		for i := range uint64(furtherSeeds) {
			s.seeds = append(s.seeds, 4+i)
		}
		s.run(ctx)
		cancel(nil)
		left = append(left, len(s.best.schedule))
	}
	if slices.Sort(left); left[len(left)/2] > len(all)/2 {
		t.Errorf("of %d events there are left %d", len(all), left)
	}
}

// Whatever a crash leaves without a meaning goes with it.
func TestEventsWithoutEffectGoToo(t *testing.T) {
	schedule, err := nemesis.Parse("1s crash n1\n2s crash n2\n3s restart n1\n4s restart n2\n")
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(broken, candidate{spec: trialtest.Quick()}, 1)
	if got, want := s.with(schedule[1:]).schedule.String(), "2s crash n2\n4s restart n2\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestWaits(t *testing.T) {
	ms := func(list ...int) (all []time.Duration) {
		for _, n := range list {
			all = append(all, time.Duration(n)*time.Millisecond)
		}
		return all
	}
	for _, tt := range []struct {
		wait             time.Duration
		shorter, rounder []time.Duration
	}{
		{0, nil, nil},
		{time.Millisecond, ms(0), nil},
		{20 * time.Millisecond, ms(0, 1, 2, 5, 10), nil},
		{1234567 * time.Microsecond, ms(0, 50, 100, 200, 500, 1000), ms(1000, 1200, 1230, 1234)},
	} {
		if got := shorter(tt.wait); !slices.Equal(got, tt.shorter) {
			t.Errorf("%v: shorter are %v, not %v", tt.wait, got, tt.shorter)
		}
		if got := rounder(tt.wait); !slices.Equal(got, tt.rounder) {
			t.Errorf("%v: rounder are %v, not %v", tt.wait, got, tt.rounder)
		}
	}
}
