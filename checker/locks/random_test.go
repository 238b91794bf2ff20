package locks_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/locks"
	"faultline/history"
)

// The checker and the definition agree: a history is valid if and only if there is an order of its operations, in which those of unknown outcome
// may be missing, that keeps to real time and in which a lock does what it was seen to do.
func TestAgreesWithTheDefinition(t *testing.T) {
	const permits = 2
	for name, c := range map[string]struct {
		checker checker.Checker
		step    step
	}{
		"mutex":     {locks.Mutex(), mutex},
		"reentrant": {locks.Reentrant(), reentrant},
		"semaphore": {locks.Semaphore(permits), semaphore(permits)},
	} {
		t.Run(name, func(t *testing.T) {
			counts := map[bool]int{}
			rapid.Check(t, func(t *rapid.T) {
				all := histories(t)
				got := c.checker.Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
				want := explained(all, c.step, make([]bool, len(all)), state{depth: map[int32]int{}})
				counts[want]++
				if want == (got.Validity == checker.Invalid) {
					t.Fatalf("there is an order: %v, got %s\n%v", want, scripttest.Show(got), all)
				}
				if len(got.Findings) == 1 && explained(shown(all, got.Findings[0]), c.step, make([]bool, len(got.Findings[0].Operations)), state{depth: map[int32]int{}}) {
					t.Fatalf("what is shown has an order: %s\n%v", scripttest.Show(got), all)
				}
			})
			t.Logf("%d have an order, %d have none", counts[true], counts[false])
		})
	}
}

// shown are the operations of a finding.
func shown(all []history.Operation, f checker.Finding) []history.Operation {
	var some []history.Operation
	for _, op := range all {
		for _, i := range f.Operations {
			if i.Invoked == int(op.Invoked) {
				some = append(some, op)
			}
		}
	}
	return some
}

// histories draws what a few processes do with one lock. Tokens mostly grow.
func histories(t *rapid.T) []history.Operation {
	number := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(t, what) }
	var all []history.Operation
	open := map[int32]int{} // process → its operation under way
	dead := map[int32]bool{}
	token := int64(100)
	for at := range number(4, 22, "events") {
		p := int32(number(1, 3, "process"))
		i, busy := open[p]
		switch {
		case dead[p]:
		case !busy:
			open[p] = len(all)
			f := rapid.SampledFrom([]string{"acquire", "release"}).Draw(t, "f")
			all = append(all, history.Operation{Process: p, F: f, Invoked: int32(at), Returned: -1, Outcome: history.Info})
		default:
			delete(open, p)
			switch number(0, 7, "outcome") {
			case 0:
				dead[p] = true
				continue
			case 1:
				all[i].Outcome = history.Fail
			default:
				all[i].Outcome = history.OK
				if all[i].F == "acquire" && number(0, 3, "silent") > 0 {
					token += int64(number(-1, 3, "growth"))
					all[i].Output = history.IntValue(token)
				}
			}
			all[i].Returned = int32(at)
		}
	}
	return all
}

// state is what a lock is in: who holds it how often, and the tokens.
type state struct {
	depth         map[int32]int
	newest, first int64 // the largest token, and that of the present hold; 0 for none
}

func (s state) held() (total int) {
	for _, n := range s.depth {
		total += n
	}
	return total
}

func (s state) with(p int32, change int) state {
	depth := map[int32]int{}
	for q, n := range s.depth {
		depth[q] = n
	}
	depth[p] += change
	return state{depth, s.newest, s.first}
}

// step carries an operation out; false if it cannot happen.
type step func(s state, op history.Operation) (state, bool)

func mutex(s state, op history.Operation) (state, bool) {
	if op.F == "release" {
		return s.with(op.Process, -1), s.depth[op.Process] == 1
	}
	if s.held() > 0 {
		return s, false
	}
	return fenced(s.with(op.Process, 1), op)
}

func fenced(s state, op history.Operation) (state, bool) {
	s.first = 0
	if n, ok := op.Output.Int(); ok {
		if s.newest != 0 && n <= s.newest {
			return s, false
		}
		s.newest, s.first = n, n
	}
	return s, true
}

func reentrant(s state, op history.Operation) (state, bool) {
	mine := s.depth[op.Process]
	switch {
	case op.F == "release":
		return s.with(op.Process, -1), mine > 0
	case mine == 0 && s.held() > 0:
		return s, false
	}
	n, ok := op.Output.Int()
	switch {
	case mine == 0 || ok && s.first == 0: // it tells the token of the hold
		return fenced(s.with(op.Process, 1), op)
	default:
		return s.with(op.Process, 1), !ok || n == s.first
	}
}

func semaphore(permits int) step {
	return func(s state, op history.Operation) (state, bool) {
		if op.F == "release" {
			return s.with(op.Process, -1), s.depth[op.Process] > 0
		}
		return s.with(op.Process, 1), s.held() < permits
	}
}

// explained tries all orders.
func explained(all []history.Operation, step step, done []bool, s state) bool {
	left := false
	for i := range all {
		if done[i] || all[i].Outcome == history.Fail {
			continue
		}
		left = left || all[i].Outcome == history.OK
		if !first(all, done, i) {
			continue
		}
		if next, ok := step(s, all[i]); ok {
			done[i] = true
			if explained(all, step, done, next) {
				done[i] = false
				return true
			}
			done[i] = false
		}
	}
	return !left
}

// first reports whether nothing that is left returned before an operation was called.
func first(all []history.Operation, done []bool, i int) bool {
	for j := range all {
		if !done[j] && all[j].Outcome == history.OK && all[j].Returned < all[i].Invoked {
			return false
		}
	}
	return true
}

func BenchmarkMillion(b *testing.B) {
	const operations, processes = 1_000_000, 10
	var all []history.Operation
	for i := range operations / 2 {
		p, at := int32(i%processes), int32(4*i)
		all = append(all,
			history.Operation{Process: p, Key: fmt.Sprint(i % 3), F: "acquire", Outcome: history.OK, Output: history.IntValue(int64(i)), Invoked: at, Returned: at + 1},
			history.Operation{Process: p, Key: fmt.Sprint(i % 3), F: "release", Outcome: history.OK, Invoked: at + 2, Returned: at + 3})
	}
	for b.Loop() {
		if p := locks.Mutex().Check(b.Context(), checker.Input{Operations: all}, checker.Options{}); p.Validity != checker.Valid {
			b.Fatal(p.Reason)
		}
	}
	b.ReportMetric(float64(operations*b.N)/b.Elapsed().Seconds(), "ops/s")
}
