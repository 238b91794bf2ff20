package campaign

import (
	"context"
	"slices"
	"time"

	"faultline/nemesis"
)

// screen is how many operations a person reads at once.
const screen = 40

// run shrinks what is best until no step finds anything smaller, or the search is ended. If what is left is more than
// a screen, it looks on with more seeds: there are violations that few of them show in a small run.
func (s *search) run(ctx context.Context) {
	for s.converge(ctx); s.err == nil && s.trial.operations > screen && len(s.seeds) <= mostSeeds/2; s.converge(ctx) {
		n := len(s.seeds)
		for _, seed := range s.seeds[:n] {
			s.seeds = append(s.seeds, seed+uint64(n))
		}
	}
}

// mostSeeds bounds the seeds that a smaller spec is tried with.
const mostSeeds = 8 * (furtherSeeds + 1)

// converge takes all steps until none finds anything smaller.
//
// The order of the steps makes worlds cheap first, as the later ones run many. Events come before the load: when
// there are fewer operations a violation is rarer, and what could be left out of the schedule is harder to see.
// Keys are the exception, as operations that all meet on one key go wrong more often.
func (s *search) converge(ctx context.Context) {
	steps := []struct {
		name string
		do   func(context.Context)
	}{
		{"shorter", s.cut},
		{"the last events only", s.keepLast},
		{"fewer events", s.reduceEvents},
		{"earlier", s.beginEarlier},
		{"fewer keys", s.reduceKeys},
		{"simpler events", s.simplifyEvents},
		{"fewer events, with other seeds", s.omitEvents},
		{"shorter waits", s.reduceWaits},
		{"fewer operations", s.reduceRate},
		{"fewer clients", s.reduceClients},
	}
	for before := ""; s.best.name() != before && s.err == nil; {
		before = s.best.name()
		for _, step := range steps {
			s.step = step.name
			step.do(ctx)
		}
	}
}

// cutUnit is what time limits are rounded up to.
const cutUnit = 10 * time.Millisecond

// cut ends the test just after the violation. Until then the run remains what it was, as a time limit ends the
// clients and decides nothing else. What the last operation was invoked for may be enough, as it still returns.
func (s *search) cut(ctx context.Context) {
	for s.err == nil {
		var all []candidate
		for _, at := range []time.Duration{s.trial.invoked, s.trial.returned} {
			limit := at.Truncate(cutUnit) + cutUnit
			if at == 0 || limit >= s.best.spec.TimeLimit {
				continue
			}
			c := s.best
			c.spec.TimeLimit = limit
			c.schedule = before(c.schedule, limit)
			all = append(all, c)
		}
		if s.first(ctx, all) < 0 {
			return
		}
	}
}

// healthyStart is how long a test that keeps only its last events runs before them: a leader is elected in the
// first half of it, and then clients come to write something.
const healthyStart = 2 * time.Second

// keepLast tries the last few events alone, which mostly are what made the test go wrong at its end. Such a test is
// over soon, and so it can be tried with many seeds where the long one cannot.
func (s *search) keepLast(ctx context.Context) {
	all := s.best.schedule
	for k := 0; k < len(all) && s.err == nil; k = max(1, 2*k) {
		c := s.with(all[len(all)-k:])
		if _, ok := s.improve(ctx, s.withSeeds(c.waiting(0, healthyStart))); ok {
			return
		}
	}
}

// before are the events that come before a time.
func before(schedule nemesis.Schedule, limit time.Duration) nemesis.Schedule {
	n := slices.IndexFunc(schedule, func(e nemesis.Event) bool { return e.At >= limit })
	if n < 0 {
		return schedule
	}
	return schedule[:n:n]
}

// reduceEvents is delta debugging (Zeller and Hildebrandt 2002) with the seed of the best: it leaves out half of the
// events, then quarters, and so on, until no event can be left out. Other than in their setting, no event at
// all may be enough, so that is tried first.
func (s *search) reduceEvents(ctx context.Context) {
	if len(s.best.schedule) == 0 {
		return
	}
	if _, ok := s.improve(ctx, []candidate{s.with(nil)}); ok {
		return
	}
	for parts := 2; s.err == nil; {
		schedule := s.best.schedule
		parts = min(parts, len(schedule))
		var some, others []candidate
		for i := range parts {
			from, to := i*len(schedule)/parts, (i+1)*len(schedule)/parts
			some = append(some, s.with(schedule[from:to]))
			others = append(others, s.with(slices.Delete(slices.Clone(schedule), from, to)))
		}
		at, ok := s.improve(ctx, append(some, others...))
		switch {
		case ok && at < len(some):
			parts = 2
		case ok:
			parts = max(2, parts-1)
		case parts == len(schedule):
			return
		default:
			parts *= 2
		}
	}
}

// with is the best candidate with other events, without those that have certainly no effect there: whatever is
// left of a crash that is left out, such as the restart, goes with it.
func (s *search) with(events nemesis.Schedule) candidate {
	c := s.best
	c.schedule = nil
	nodes := c.spec.NodeNames()
	for _, e := range events {
		if longer := append(slices.Clone(c.schedule), e); longer.Check(nodes) == nil {
			c.schedule = longer
		}
	}
	return c
}

// omitEvents leaves out all events, and then single ones, with any of the seeds.
func (s *search) omitEvents(ctx context.Context) {
	for len(s.best.schedule) > 0 && s.err == nil {
		all := []candidate{s.with(nil)}
		for i := range s.best.schedule {
			all = append(all, s.with(slices.Delete(slices.Clone(s.best.schedule), i, i+1)))
		}
		if _, ok := s.improve(ctx, s.withSeeds(all...)); !ok {
			return
		}
	}
}

// simplifyEvents has events do their harm to fewer nodes, or in fewer words.
func (s *search) simplifyEvents(ctx context.Context) {
	for s.err == nil {
		var all []candidate
		for i, e := range s.best.schedule {
			for _, simpler := range e.Simpler(s.best.spec.NodeNames()) {
				schedule := slices.Clone(s.best.schedule)
				schedule[i] = simpler
				all = append(all, s.with(schedule))
			}
		}
		if _, ok := s.improve(ctx, s.withSeeds(all...)); !ok {
			return
		}
	}
}

func (s *search) reduceKeys(ctx context.Context) {
	s.least(ctx, s.best.keys()-1, func(i int) candidate {
		c := s.best
		if c.spec.Options.Keys = i + 1; i == 0 {
			c.spec.Options.HotKey = 0 // the only one is as hot as can be
		}
		return c
	})
}

func (s *search) reduceClients(ctx context.Context) {
	s.least(ctx, s.best.spec.Concurrency-1, func(i int) candidate {
		c := s.best
		c.spec.Concurrency = i + 1
		return c
	})
}

func (s *search) reduceRate(ctx context.Context) {
	var rates []float64
	for power := 1.0; power < s.best.spec.Rate; power *= 10 {
		rates = append(rates, power, 2*power, 5*power)
	}
	rates = slices.DeleteFunc(rates, func(r float64) bool { return r >= s.best.spec.Rate })
	s.least(ctx, len(rates), func(i int) candidate {
		c := s.best
		c.spec.Rate = rates[i]
		return c
	})
}

// beginEarlier has everything come earlier by as much.
func (s *search) beginEarlier(ctx context.Context) { s.reduceWait(ctx, 0) }

// reduceWaits makes the waits before events, and after the last of them, shorter or at least rounder.
func (s *search) reduceWaits(ctx context.Context) {
	for i := 0; i <= len(s.best.schedule) && s.err == nil; i++ {
		s.reduceWait(ctx, i)
	}
}

// reduceWait makes the wait before event i shorter. All that comes after it comes earlier by as much.
func (s *search) reduceWait(ctx context.Context, i int) {
	waits := rounder(s.best.wait(i))
	s.least(ctx, len(waits), func(k int) candidate { return s.best.waiting(i, waits[k]) })
}

// wait is the time from the event before to event i, or to the end of the test; 0 if there is no such event.
func (c candidate) wait(i int) time.Duration {
	from, to := time.Duration(0), c.spec.TimeLimit
	if i > len(c.schedule) {
		return 0
	}
	if i > 0 {
		from = c.schedule[i-1].At
	}
	if i < len(c.schedule) {
		to = c.schedule[i].At
	}
	return to - from
}

// waiting is the candidate in which the wait before event i is so long, if that is shorter.
func (c candidate) waiting(i int, wait time.Duration) candidate {
	earlier := max(0, c.wait(i)-wait)
	c.spec.TimeLimit -= earlier
	c.schedule = slices.Clone(c.schedule)
	for ; i < len(c.schedule); i++ {
		c.schedule[i].At -= earlier
	}
	return c
}

// rounder lists waits that are shorter and rounder than one, in ascending order: none at all, some from a fiftieth
// of it on, and it itself cut off.
func rounder(wait time.Duration) []time.Duration {
	list := []time.Duration{0}
	for power := time.Millisecond; power < wait; power *= 10 {
		list = append(list, power, 2*power, 5*power, wait.Truncate(power))
	}
	list = slices.DeleteFunc(list, func(d time.Duration) bool { return d >= wait || 0 < d && d < wait/50 })
	slices.Sort(list)
	return slices.Compact(list)
}
