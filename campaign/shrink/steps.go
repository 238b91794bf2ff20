package shrink

import (
	"context"
	"slices"
	"time"

	"faultline/nemesis"
)

// What a person can take in at once: the operations that fit a screen, and the events of a story.
const (
	screen = 40
	few    = 4
)

// step is a way to make the best smaller. It ends with a best that it cannot make smaller by itself.
type step struct {
	name string
	do   func(*search, context.Context)
}

// The steps. Those that leave events out come first, and until they find nothing more: when waits are shorter and
// operations fewer a violation is rarer, and what could be left out of the schedule is harder to see. Keys are the
// exception, as operations that all meet on one key go wrong more often. Among them, those come first that make worlds cheap.
var (
	fewerEvents = []step{
		{"shorter", (*search).cut},
		{"the first events only", (*search).keepPart},
		{"the last events only", (*search).keepLast},
		{"a few of the events", (*search).keepFew},
		{"fewer events", (*search).reduceEvents},
		{"the first events only", (*search).keepFirst},
		{"earlier", (*search).beginEarlier},
		{"fewer keys", (*search).reduceKeys},
		{"fewer events, with other seeds", (*search).omitEvents},
	}
	lessOfAll = []step{
		{"fewer operations", (*search).reduceRate},
		{"fewer clients", (*search).reduceClients},
		{"simpler events", (*search).simplifyEvents},
		{"shorter waits", (*search).reduceWaits},
		{"a luckier seed", (*search).changeSeed},
	}
	fewerOperations = []step{
		{"fewer operations", (*search).reduceRate},
		{"a luckier seed", (*search).changeSeed},
	}
)

// run shrinks what is best until no step finds anything smaller, or the search is ended. While what is left is more than
// a person reads at once, it looks on with more seeds: there are violations that few of them show in a small run. Of the
// operations the rate decides, so it gets those seeds first, and all that could be less only after it.
func (s *search) run(ctx context.Context) {
	usual, all := len(s.seeds), slices.Concat(fewerEvents, lessOfAll)
	s.converge(ctx, fewerEvents)
	for s.err == nil && len(s.best.schedule) > few && s.moreSeeds(4*usual) {
		s.converge(ctx, fewerEvents)
	}
	s.seeds = s.seeds[:usual]
	s.converge(ctx, all)
	for s.err == nil && s.outcome.operations > screen && s.moreSeeds(8*usual) {
		s.converge(ctx, fewerOperations)
	}
	s.seeds = s.seeds[:usual]
	s.converge(ctx, all)
	for s.err == nil && s.large() && s.moreSeeds(32*usual) {
		s.converge(ctx, slices.Concat(lessOfAll, fewerEvents))
	}
	s.step = "rounder waits"
	s.roundWaits(ctx)
}

// moreSeeds doubles the number of seeds unless it would exceed most.
func (s *search) moreSeeds(most int) bool {
	n := len(s.seeds)
	if 2*n > most {
		return false
	}
	for _, seed := range s.seeds[:n] {
		s.seeds = append(s.seeds, seed+uint64(n))
	}
	return true
}

// large is true of what a person does not read at once.
func (s *search) large() bool { return s.outcome.operations > screen || len(s.best.schedule) > few }

// converge takes all steps until none finds anything smaller.
func (s *search) converge(ctx context.Context, steps []step) {
	for before := ""; s.best.name() != before && s.err == nil; {
		before = s.best.name()
		for _, step := range steps {
			s.step = step.name
			step.do(s, ctx)
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
		for _, at := range []time.Duration{s.outcome.invoked, s.outcome.returned} {
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

// keepPart ends a test earlier whose violation is none of a moment: what a node lacks in the end shows when all is over, so nothing says
// where the test could be cut off. It looks by halves for the event that it can end before.
func (s *search) keepPart(ctx context.Context) {
	if at := s.outcome.invoked; 0 < at && at < s.best.spec.TimeLimit {
		return
	}
	all := s.best
	s.least(ctx, len(all.schedule)-1, func(i int) candidate { return all.until(i + 1) })
}

// until is the candidate that ends where event i would come.
func (c candidate) until(i int) candidate {
	c.spec.TimeLimit = c.schedule[i].At
	c.schedule = before(c.schedule, c.spec.TimeLimit)
	return c
}

// keepFirst ends the test where an event would come, whatever that and all further ones do: the end of a test heals everything
// at once, and what shows after the faults may show there.
func (s *search) keepFirst(ctx context.Context) {
	var all []candidate
	for i := 1; i < len(s.best.schedule); i++ {
		all = append(all, s.best.until(i))
	}
	s.improve(ctx, s.withSeeds(all...))
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
	subject := c.spec.Subject()
	for _, e := range events {
		if longer := append(slices.Clone(c.schedule), e); longer.Check(subject) == nil {
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
			for _, simpler := range e.Simpler(s.best.spec.Subject().Nodes) {
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
		return s.best.withKeys(i + 1)
	})
}

// withKeys is the candidate on n objects, if its workload has a number of them.
func (c candidate) withKeys(n int) candidate {
	if c.keys() == 0 {
		return c
	}
	if c.spec.Options.Keys = n; n == 1 {
		c.spec.Options.HotKey = 0 // the only one is as hot as can be
	}
	return c
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

// changeSeed goes on to other seeds with which the same spec fails after fewer operations, while those are more
// than a screen. What is less by luck alone is not worth the search once a person can read it.
func (s *search) changeSeed(ctx context.Context) {
	for ok := true; ok && s.outcome.operations > screen && s.err == nil; {
		_, ok = s.improve(ctx, s.withSeeds(s.best))
	}
}

// beginEarlier has all events come earlier by as much: what clients do before the first mostly has no part in the failure. While
// there are many events the cluster keeps the time to be healthy first: a test that begins in the middle of its
// first election fails more rarely, and then it is harder to see which events can be left out.
func (s *search) beginEarlier(ctx context.Context) {
	wait, least := s.best.wait(0), time.Duration(0)
	if len(s.best.schedule) > few {
		least = healthyStart
	}
	waits := slices.DeleteFunc(shorter(wait), func(d time.Duration) bool { return d < least })
	s.least(ctx, len(waits), func(k int) candidate { return s.best.waiting(0, waits[k]) })
}

// reduceWaits makes the waits before events, and after the last of them, shorter.
func (s *search) reduceWaits(ctx context.Context) {
	for i := 0; i <= len(s.best.schedule) && s.err == nil; i++ {
		s.reduceWait(ctx, i)
	}
}

// reduceWait makes the wait before event i shorter. All that comes after it comes earlier by as much.
func (s *search) reduceWait(ctx context.Context, i int) {
	waits := shorter(s.best.wait(i))
	s.least(ctx, len(waits), func(k int) candidate { return s.best.waiting(i, waits[k]) })
}

// roundWaits cuts digits off waits, as long as it fails so with the seed that it has.
func (s *search) roundWaits(ctx context.Context) {
	for i := 0; i <= len(s.best.schedule); i++ {
		var all []candidate
		for _, wait := range rounder(s.best.wait(i)) {
			all = append(all, s.best.waiting(i, wait))
		}
		s.first(ctx, all)
	}
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

// shorter lists waits that are shorter than one, in ascending order: none at all, and some from a fiftieth of it on.
func shorter(wait time.Duration) []time.Duration {
	list := []time.Duration{0}
	for power := time.Millisecond; power < wait; power *= 10 {
		list = append(list, power, 2*power, 5*power)
	}
	return slices.DeleteFunc(list, func(d time.Duration) bool { return d >= wait || 0 < d && d < wait/50 })
}

// rounder lists waits that have fewer digits than one, in ascending order, and are nearly as long.
func rounder(wait time.Duration) []time.Duration {
	var list []time.Duration
	for power := time.Second; power >= time.Millisecond; power /= 10 {
		if d := wait.Truncate(power); 0 < d && d < wait {
			list = append(list, d)
		}
	}
	return slices.Compact(list)
}
