package ladder

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/history"
)

// What breaks a model breaks every model that implies it, and what keeps one keeps those that it implies: on histories of any
// kind, with values that repeat, deletes and failed cas that do not tell what they found.
func TestVerdictsRespectTheLattice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(3, 40).Draw(t, "operations"))
		s.repeats = rapid.Bool().Draw(t, "repeats")
		ops := s.operations()
		models := Names()
		if rapid.Bool().Draw(t, "reversed") { // what was decided before plays no part
			slices.Reverse(models)
		}
		// So late a time has nothing settled that a linearizable history could still change.
		verdict := map[string]Result{}
		for _, r := range Check(ops, models, Options{Staleness: 3 * time.Second, Settled: 5 * time.Second}) {
			verdict[r.Model] = r
		}
		for _, m := range Models() {
			for _, weaker := range m.Weaker() {
				strong, weak := verdict[m.Name], verdict[weaker]
				if weak.Validity == checker.Invalid && strong.Validity == checker.Valid {
					t.Fatalf("%s is valid and %s is not: %s\n%s", m.Name, weaker, weak.Reason, render(ops))
				}
				if weak.Validity == checker.Invalid && strong.Validity == checker.Unknown && len(ops) < 12 && !s.repeats {
					t.Fatalf("%s is unknown and %s is broken: %s\n%s", m.Name, weaker, strong.Reason, render(ops))
				}
			}
		}
	})
}

// Where values repeat, verdicts are those of the definition or unknown.
func TestRepeatedValuesAreNeverWrong(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(4_000) {
		s := draw(seed, 3+int(seed%6))
		s.repeats = true
		ops := s.operations()
		want := sequentialByValue(ops)
		r := Check(ops, []string{Sequential}, Options{})[0]
		seen[r.Validity]++
		if r.Validity == checker.Valid && !want || r.Validity == checker.Invalid && want {
			t.Fatalf("seed %d: %v (%s), by definition %v\n%s", seed, r.Validity, r.Reason, want, render(ops))
		}
	}
	if seen[checker.Valid] < 500 || seen[checker.Invalid] < 200 {
		t.Errorf("that is lopsided: %v", seen)
	}
}

// sequentialByValue tries every order, without knowing which write a read saw: a read sees the value that is there.
func sequentialByValue(ops []history.Operation) bool {
	var sessions [][]history.Operation
	number := map[int32]int{}
	for _, o := range ops {
		if o.Outcome == history.Fail && o.Reason() != history.PreconditionFailed {
			continue
		}
		if _, ok := number[o.Process]; !ok {
			number[o.Process] = len(sessions)
			sessions = append(sessions, nil)
		}
		n := number[o.Process]
		sessions[n] = append(sessions[n], o)
	}
	return interleave(sessions, map[string]history.Value{})
}

func interleave(sessions [][]history.Operation, held map[string]history.Value) bool {
	done := true
	for s, list := range sessions {
		if len(list) == 0 {
			continue
		}
		o := list[0]
		done = done && o.Outcome == history.Info
		now, ok := held[o.Key]
		if !ok {
			now = history.NilValue()
		}
		next, fits := stepByValue(o, now)
		if !fits {
			continue
		}
		sessions[s], held[o.Key] = list[1:], next
		found := interleave(sessions, held)
		if sessions[s], held[o.Key] = list, now; found {
			return true
		}
	}
	return done // what ended in info may never have happened
}

func stepByValue(o history.Operation, now history.Value) (next history.Value, fits bool) {
	pair, _ := o.Input.List()
	switch {
	case o.F == "read":
		return now, o.Outcome == history.Info || o.Output.Equal(now)
	case o.F == "write":
		return o.Input, true
	case o.F == "delete":
		return history.NilValue(), true
	case o.Outcome == history.Fail:
		return now, !now.Equal(pair[0]) && (o.Output.Kind() == history.None || o.Output.Equal(now))
	case now.Equal(pair[0]):
		return pair[1], true
	default:
		return now, o.Outcome == history.Info
	}
}
