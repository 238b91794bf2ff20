package locks

import (
	"context"
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/intime"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "locks"

// The rules.
const (
	exclusive = "exclusive"
	owned     = "owned"
	fenced    = "fenced"
)

// kind is what a key is.
type kind struct {
	reentrant bool
	semaphore bool
	permits   int // of a semaphore; 0 if that is what its acquires say
}

// Mutex asks whether locks exclude, where the holder of a lock cannot acquire it again.
func Mutex() checker.Checker { return kind{} }

// Reentrant asks whether locks exclude, where the holder of a lock may acquire it again.
func Reentrant() checker.Checker { return kind{reentrant: true} }

// Semaphore asks whether no more than so many permits are held. If permits is 0, the argument of each acquire says how many there are.
func Semaphore(permits int) checker.Checker { return kind{semaphore: true, permits: permits} }

func (kind) Name() string { return Part }

func (k kind) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, Part, func(clock *timebound.Clock) checker.Part { return k.judge(in, clock) })
}

func (k kind) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: Part}
	all, err := k.locks(in.Operations, clock)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	acquired := 0
	var findings []checker.Finding
	for _, l := range all {
		part.Operations += len(l.operations)
		f, err := l.wrong(clock)
		switch {
		case err != nil:
			findings = append(findings, checker.Finding{Rule: exclusive, On: l.name, Sentence: err.Error()})
		case f != nil:
			findings = append(findings, *f)
		}
		acquired += l.acquired
	}
	part.Objects = len(all)
	if acquired == 0 && len(findings) == 0 {
		part.Reason = "nothing was ever acquired, so the history says nothing"
		return part
	}
	return part.Judged(findings, fmt.Sprintf("%s of %s, never by more than may hold it at a time",
		wording.Count(acquired, "acquire"), wording.Count(len(all), k.noun())))
}

func (k kind) noun() string {
	if k.semaphore {
		return "semaphore"
	}
	return "lock"
}

// locks are those of a history, in the order in which they are first named.
func (k kind) locks(operations []history.Operation, clock *timebound.Clock) ([]*lock, error) {
	var all []*lock
	byName := map[string]*lock{}
	for i := range clock.UpTo(len(operations)) {
		op := &operations[i]
		if op.F != ops.Acquire && op.F != ops.Release {
			return nil, fmt.Errorf("process %d's %s at %v: a %s has acquire and release only", op.Process, op.F, op.Invoke, k.noun())
		}
		l := byName[op.Key]
		if l == nil {
			l = &lock{kind: k, name: op.Key, holders: map[int32]*holder{}}
			byName[op.Key] = l
			all = append(all, l)
		}
		l.operations = append(l.operations, op)
	}
	return all, nil
}

// moment is when an operation takes effect.
type moment struct {
	at int32
	op *history.Operation
}

// moments are those of the operations that take effect, in order: an acquire when it returns, a release when it is called.
func moments(operations []*history.Operation, clock *timebound.Clock) []moment {
	var all []moment
	for _, op := range operations {
		switch {
		case op.F == ops.Acquire && op.Outcome == history.OK:
			all = append(all, moment{op.Returned, op})
		case op.F == ops.Release && op.Outcome != history.Fail:
			all = append(all, moment{op.Invoked, op})
		}
	}
	timebound.SortFunc(clock, all, func(a, b moment) int { return int(a.at) - int(b.at) })
	return all
}
