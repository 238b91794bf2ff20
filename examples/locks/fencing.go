package locks

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
)

// fencing asks whether no two owners held one lock at the same time, and whether the tokens of each lock grew.
//
// Nobody sees from outside when a lock is taken and given back. An owner certainly holds it from when he was told so until he
// first asks to give it back.
type fencing struct{}

// Name implements checker.Checker.
func (fencing) Name() string { return "fencing" }

// Check implements checker.Checker.
func (f fencing) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	locks := holdings(in.Operations)
	part := checker.Part{Name: f.Name(), Validity: checker.Valid, Objects: len(locks), Operations: len(in.Operations),
		Reason: "no lock had two holders, and tokens grew"}
	for _, lock := range slices.Sorted(maps.Keys(locks)) {
		part.Findings = append(part.Findings, judge(lock, locks[lock])...)
	}
	if len(part.Findings) > 0 {
		part.Validity, part.Reason = checker.Invalid, part.Findings[0].Sentence
	}
	return part
}

// holding is a stretch of time in which an owner certainly held a lock.
type holding struct {
	acquire history.Operation
	release *history.Operation // nil if nobody asked for it
	token   int64
}

// holdings are those of each lock, in the order in which they certainly began.
func holdings(ops []history.Operation) map[string][]holding {
	releases := map[int64]*history.Operation{} // the first of each owner
	for i := range ops {
		owner, _ := ops[i].Input.Int()
		if ops[i].F == "release" && releases[owner] == nil {
			releases[owner] = &ops[i]
		}
	}
	locks := map[string][]holding{}
	for _, op := range ops {
		if op.F == "acquire" && op.Outcome == history.OK {
			owner, _ := op.Input.Int()
			token, _ := op.Output.Int()
			locks[op.Key] = append(locks[op.Key], holding{op, releases[owner], token})
		}
	}
	for _, all := range locks {
		slices.SortFunc(all, func(a, b holding) int { return cmp.Compare(a.acquire.Returned, b.acquire.Returned) })
	}
	return locks
}

// judge finds what is wrong with a lock's holdings, the first of each kind.
func judge(lock string, all []holding) []checker.Finding {
	var found []checker.Finding
	broken := func(rule string, a, b holding, format string, args ...any) {
		if !slices.ContainsFunc(found, func(f checker.Finding) bool { return f.Rule == rule }) {
			f := checker.Finding{Rule: rule, On: lock, Validity: checker.Invalid, Sentence: fmt.Sprintf(format, args...)}
			f.Show(a.acquire, b.acquire)
			found = append(found, f)
		}
	}
	for i := 1; i < len(all); i++ {
		earlier, later := all[i-1], all[i]
		if earlier.release == nil || later.acquire.Returned < earlier.release.Invoked {
			broken("mutual exclusion", earlier, later, "two hold %s: process %d got it %v after process %d, which had not given it back",
				lock, later.acquire.Process, after(earlier, later), earlier.acquire.Process)
		}
		if later.token <= earlier.token && earlier.acquire.Returned < later.acquire.Invoked {
			broken("tokens grow", earlier, later, "%s was given with token %d %v after it had been given with token %d",
				lock, later.token, after(earlier, later), earlier.token)
		}
	}
	return found
}

func after(earlier, later holding) time.Duration {
	return (later.acquire.Return - earlier.acquire.Return).Round(time.Millisecond)
}
