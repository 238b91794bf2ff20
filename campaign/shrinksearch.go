package campaign

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

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

// keys is how many objects the candidate works on.
func (c candidate) keys() int {
	if c.spec.Options.Keys == 0 {
		return workloads.DefaultKeys
	}
	return c.spec.Options.Keys
}

// proper is true of a candidate that the command line would take.
func (c candidate) proper() bool {
	return c.spec.Validate() == nil && c.schedule.Check(c.spec.Subject()) == nil &&
		(len(c.schedule) == 0 || c.schedule[len(c.schedule)-1].At < c.spec.TimeLimit)
}

// trial is what came of running a candidate.
type trial struct {
	fails      bool // in the same way as the run that is shrunk
	operations int
	digest     string

	// When the last operation of the earliest violation was invoked, and when the last of them had returned;
	// both are when one of the cluster's own rules was broken, if that is the violation, and 0 if it is not explained.
	invoked, returned time.Duration
}

// tester runs candidates. It may be called by several goroutines at once, and a candidate's trial must follow
// from the candidate alone.
type tester interface {
	try(context.Context, candidate) (trial, error)
}

// search looks for the smallest candidate that fails. It goes from one that fails to a smaller one that fails,
// so that there is a best one at any time, and what it finds follows from the tester alone: not from how many
// candidates are tried at once, nor from which of them takes how long.
type search struct {
	tester  tester
	workers int
	seeds   []uint64 // tried beside the seed of the best candidate

	best   candidate
	trial  trial // of the best
	worlds int   // how many trials the result depends on; others were under way when it no longer mattered

	passed map[string]bool // the inputs that do not fail, or are no smaller than the best with another seed
	step   string          // what is looked for
	told   func(*search)   // after every trial, from the goroutine that searches; may be nil
	err    error           // what ended the search before its time
}

// first goes on to the first of the candidates, in their order, that fails and is smaller, and returns its position; -1 if none
// does or the search was ended.
func (s *search) first(ctx context.Context, all []candidate) int {
	positions, names := s.worthTrying(all)
	if len(positions) == 0 || s.err != nil {
		return -1
	}
	ctx, cancel := context.WithCancel(ctx)
	answers := make([]chan answer, len(positions))
	for i := range answers {
		answers[i] = make(chan answer, 1)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(max(1, s.workers), len(positions)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(positions) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				t, err := s.tester.try(ctx, all[positions[i]])
				answers[i] <- answer{t, err}
			}
		})
	}
	defer workers.Wait()
	defer cancel()
	for i, position := range positions {
		t, err := await(ctx, answers[i])
		if err != nil {
			s.err = err
			return -1
		}
		s.worlds++
		smaller := t.fails && s.isSmaller(all[position], t)
		if smaller {
			s.best, s.trial = all[position], t
		} else {
			s.passed[names[i]] = true
		}
		if s.told != nil {
			s.told(s)
		}
		if smaller {
			return position
		}
	}
	return -1
}

// isSmaller compares a candidate that fails with the best. Candidates are made smaller; only one that differs in the
// seed alone has to show that it is.
func (s *search) isSmaller(c candidate, t trial) bool {
	return t.operations < s.trial.operations || c.unseeded() != s.best.unseeded()
}

// worthTrying returns the positions and names of candidates that are proper, other than the best, and not known to
// be of no use; each once.
func (s *search) worthTrying(all []candidate) (positions []int, names []string) {
	seen := map[string]bool{s.best.name(): true}
	for i, c := range all {
		name := c.name()
		if seen[name] || s.passed[name] || !c.proper() {
			continue
		}
		seen[name] = true
		positions, names = append(positions, i), append(names, name)
	}
	return positions, names
}

// answer is what a trial came to.
type answer struct {
	trial trial
	err   error
}

// await waits for an answer. An answer that is there counts, whether or not the time has come to end.
func await(ctx context.Context, answers <-chan answer) (trial, error) {
	select {
	case a := <-answers:
		return a.trial, a.err
	case <-ctx.Done():
		return trial{}, context.Cause(ctx)
	}
}

// name tells candidates apart.
func (c candidate) name() string { return strconv.FormatUint(c.spec.Seed, 10) + c.unseeded() }

// unseeded is the name but for the seed.
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

// affordable is how many seeds a candidate is worth that is one of so many. Large worlds take long, and what would
// make them small is better tried first.
func (s *search) affordable(c candidate, candidates int) int {
	const fewest, small = 3, 3000
	all := len(s.seeds)
	return max(fewest, min(int(float64(all)*small/c.cost()), 3*all/max(1, candidates)))
}

// cost is about how long a world takes, in operations: a process is started for each, and a cluster has its
// heartbeats also when nobody asks for anything. As measured on five nodes.
func (c candidate) cost() float64 {
	const process, second = 1200, 70
	return process + (second+c.spec.Rate)*c.spec.TimeLimit.Seconds()
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
