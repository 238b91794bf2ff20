package shrink

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"faultline/campaign/trial"
	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

// candidate is a run that may fail as the one that is shrunk does.
type candidate struct {
	spec     world.Spec
	schedule nemesis.Schedule
}

// input is what a world is given for it. A run without events is one without a nemesis, so that the command
// line which repeats it needs no file.
func (c candidate) input() world.Input {
	in := world.Input{Spec: c.spec, Schedule: c.schedule.String()}
	if len(c.schedule) == 0 {
		in.Spec.Nemesis = nil
	}
	return in
}

// keys is how many objects the candidate works on; 0 if its workload has no such number.
func (c candidate) keys() int {
	if w, ok := workloads.ByName(c.spec.Workload); !ok || !w.Keyed {
		return 0
	}
	return cmp.Or(c.spec.Options.Keys, workloads.DefaultKeys)
}

// proper is true of a candidate that the command line would take.
func (c candidate) proper() bool {
	return c.spec.Validate() == nil && c.schedule.Check(c.spec.Subject()) == nil &&
		(len(c.schedule) == 0 || c.schedule[len(c.schedule)-1].At < c.spec.TimeLimit)
}

// outcome is what came of running a candidate.
type outcome struct {
	fails      bool // in the same way as the run that is shrunk
	operations int
	digest     string
	run        *trial.Trial // if it fails

	// When the last operation of the earliest violation was invoked, and when the last of them had returned;
	// both are when one of the cluster's own rules was broken, if that is the violation, and 0 if it is not explained.
	invoked, returned time.Duration
}

// tester tries a candidate. It may be called by several goroutines at once, and what comes of a candidate must follow from
// the candidate alone.
type tester func(context.Context, candidate) (outcome, error)

// search looks for the smallest candidate that fails. It goes from one that fails to a smaller one that fails,
// so that there is a best one at any time, and what it finds follows from the tester alone: not from how many
// candidates are tried at once, nor from which of them takes how long.
type search struct {
	try     tester
	workers int
	seeds   []uint64 // tried in addition to the seed of the best candidate

	best    candidate
	outcome outcome // of the best

	most   int             // trials that the result may depend on; 0 for any number
	passed map[string]bool // the inputs that do not fail, or are no smaller than the best with another seed
	step   string          // what is looked for
	meter  *trial.Meter    // of the trials that the result depends on; others were under way when it no longer mattered
	err    error           // what ended the search before its time
}

// first goes on to the first of the candidates, in their order, that fails and is smaller, and returns its position; -1 if none
// does or the search was ended.
func (s *search) first(ctx context.Context, all []candidate) int {
	positions := s.worthTrying(all)
	if len(positions) == 0 || s.err != nil {
		return -1
	}
	if s.most > 0 {
		left := max(0, s.most-s.meter.Done)
		if left == 0 {
			s.err = errOutOfWorlds
			return -1
		}
		positions = positions[:min(len(positions), left)]
	}
	found := -1
	s.err = trial.InOrder(ctx, min(s.workers, len(positions)), slices.Values(positions), func(ctx context.Context, at int) (tried, error) {
		o, err := s.try(ctx, all[at])
		return tried{at, o}, err
	}, func(t tried) error {
		if !s.took(all[t.at], t.outcome) {
			return nil
		}
		found = t.at
		return trial.ErrEnough
	})
	return found
}

// tried is what came of the candidate at a position.
type tried struct {
	at      int
	outcome outcome
}

// took goes on to a candidate, if it fails and is smaller.
func (s *search) took(c candidate, o outcome) bool {
	smaller := o.fails && s.isSmaller(c, o)
	if smaller {
		s.best, s.outcome = c, o
	} else {
		s.passed[c.name()] = true
	}
	s.meter.What, s.meter.Best = s.step, s.size().String()
	s.meter.Count(o.fails)
	return smaller
}

// isSmaller compares a candidate that fails with the best. Candidates are made smaller; only one that differs in the
// seed alone has to show that it is. But what a person reads at once is not given up for less of something else: a run with shorter waits
// or fewer clients may go wrong after twice the operations, and whether it ever comes down again is luck.
func (s *search) isSmaller(c candidate, o outcome) bool {
	if c.unseeded() == s.best.unseeded() {
		return o.operations < s.outcome.operations
	}
	return o.operations <= screen || s.outcome.operations > screen || len(s.best.schedule) > few && len(c.schedule) < len(s.best.schedule)
}

// worthTrying returns the positions of candidates that are proper, other than the best, and not known to be of no use; each
// once.
func (s *search) worthTrying(all []candidate) (positions []int) {
	seen := map[string]bool{s.best.name(): true}
	for i, c := range all {
		name := c.name()
		if seen[name] || s.passed[name] || !c.proper() {
			continue
		}
		seen[name] = true
		positions = append(positions, i)
	}
	return positions
}

// name tells candidates apart.
func (c candidate) name() string { return strconv.FormatUint(c.spec.Seed, 10) + c.unseeded() }

// unseeded is the name without the seed.
func (c candidate) unseeded() string {
	c.spec.Seed = 0
	b, err := json.Marshal(c.input())
	if err != nil {
		panic(err) // a spec is JSON
	}
	return string(b)
}

// improve goes on to the first of the candidates that fails, and ends the test there just after the violation.
func (s *search) improve(ctx context.Context, all []candidate) (position int, ok bool) {
	position = s.first(ctx, all)
	if position < 0 {
		return 0, false
	}
	s.cut(ctx)
	return position, true
}

// withSeeds are the candidates with the seed of the best, and then with others: a smaller spec draws everything
// anew, and with that seed it may miss what it would find with another.
func (s *search) withSeeds(all ...candidate) []candidate {
	list := slices.Clone(all)
	for i, seed := range s.seeds {
		for _, c := range all {
			if seed != s.best.spec.Seed && i < s.affordable(c, len(all)) {
				c.spec.Seed = seed
				list = append(list, c)
			}
		}
	}
	return list
}

// affordable is how many seeds to try for each of a number of candidates. Large worlds take long, so it is better to
// try first what would make them small.
func (s *search) affordable(c candidate, candidates int) int {
	const fewest, small = 3, 3000
	all := len(s.seeds)
	return max(fewest, min(int(float64(all)*small/c.cost()), 3*all/max(1, candidates)))
}

// cost is about how long a world takes, in operations: a process is started for each, and a cluster has its
// heartbeats also when nobody asks for anything. As measured on five nodes. Where nodes are programs of their own, such as etcd and NATS,
// all of it takes ten times as long, or more.
func (c candidate) cost() float64 {
	const process, second, programs = 1200, 70, 10
	cost := process + (second+c.spec.Rate)*c.spec.TimeLimit.Seconds()
	if c.ofPrograms() {
		cost *= programs
	}
	return cost
}

// ofPrograms reports whether the nodes are programs of their own.
func (c candidate) ofPrograms() bool {
	kind, err := c.spec.Kind()
	return err == nil && kind.Build != nil
}

// least goes on to the least of n smaller candidates that fails, with any of the seeds. They are numbered from the
// smallest to the largest, and made from the best as it is then. It tries the smallest and then looks by halves, as
// what is larger mostly fails more often. So the one before that which it ends with was tried and did not fail.
func (s *search) least(ctx context.Context, n int, smaller func(i int) candidate) {
	low, high := -1, n
	for middle := 0; high-low > 1 && s.err == nil; middle = (low + high) / 2 {
		if _, ok := s.improve(ctx, s.withSeeds(smaller(middle))); ok {
			high = middle
		} else {
			low = middle
		}
	}
}
