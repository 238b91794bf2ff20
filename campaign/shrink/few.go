package shrink

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"faultline/nemesis"
)

// keepFew tries a few of the events, drawn at random and in quick succession. Delta debugging needs a test that fails
// again when what has nothing to do with the failure is left out. A violation that one seed in thirty shows is not like that:
// whatever is left out changes all that comes after it, and nearly every candidate passes, at the price of a
// long world. For that price there are dozens of short ones, and among the many ways in which a long schedule holds
// what matters, in the right order, some are found by chance.
//
// All of the events come last: in quick succession they make a world that is short as well.
func (s *search) keepFew(ctx context.Context) {
	const draws = 60
	for n := few; len(s.best.schedule) > few && s.err == nil; {
		all := len(s.best.schedule)
		n = min(n, all)
		_, ok := s.improve(ctx, s.drawn(n, draws))
		switch {
		case ok && len(s.best.schedule) < all:
			n = few
		case n == all:
			return
		default:
			n += n / 2
		}
	}
}

// drawn are candidates with n events, on one key and on as many as the best has, with one seed after the other.
func (s *search) drawn(n, draws int) []candidate {
	draw := rand.New(rand.NewPCG(s.best.spec.Seed, uint64(n)))
	all := make([]candidate, draws)
	for i := range all {
		all[i] = s.drawOne(draw, n)
		all[i].spec.Seed = s.seeds[i%len(s.seeds)]
		if i%2 == 0 {
			all[i] = all[i].withKeys(1)
		}
	}
	return all
}

// drawOne is the best with n of its events, and with no wait longer than it takes for much that comes of one.
func (s *search) drawOne(draw *rand.Rand, n int) candidate {
	longest := time.Duration(1+draw.IntN(15)) * 100 * time.Millisecond
	if s.best.ofPrograms() { // which detect a failure and elect a leader in seconds, as they are set by default
		longest *= 10
	}
	positions := draw.Perm(len(s.best.schedule))[:n]
	slices.Sort(positions)
	var events nemesis.Schedule
	for _, i := range positions {
		events = append(events, s.best.schedule[i])
	}
	c := s.with(events)
	c = c.waiting(0, healthyStart)
	for i := range c.schedule {
		c = c.waiting(i+1, longest)
	}
	return c
}
