package visibility

import (
	"context"
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/intime"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// MonotonicPart is the name of the part of Monotonic.
const MonotonicPart = "monotonic"

// Monotonic asks whether what only grows is seen to shrink. Its operations are inc, whose answer is the new value, and read; values are integers. To
// a process a value never becomes less than it has seen before on the same key, and an inc makes it more. It says nothing of what different processes
// see: for that the model counter is there. An operation that ended in info or failed says nothing. If
// none is ok, or one returns no integer, the answer is unknown.
func Monotonic() checker.Checker { return monotonic{} }

type monotonic struct{}

func (monotonic) Name() string { return MonotonicPart }

func (m monotonic) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, MonotonicPart, func(clock *timebound.Clock) checker.Part { return m.judge(in, clock) })
}

func (monotonic) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: MonotonicPart, Operations: len(in.Operations)}
	type session struct {
		process int32
		key     string
	}
	last := map[session]*history.Operation{}
	keys, broken := map[string]bool{}, map[session]bool{}
	var findings []checker.Finding
	answered := 0
	for i := range clock.UpTo(len(in.Operations)) {
		op := &in.Operations[i]
		if op.F != "inc" && op.F != "read" {
			part.Reason = fmt.Sprintf("process %d's %s at %v: there are inc and read only", op.Process, op.F, op.Invoke)
			return part
		}
		if op.Outcome != history.OK {
			continue
		}
		n, ok := op.Output.Int()
		if !ok {
			part.Reason = fmt.Sprintf("process %d's %s at %v returned %v, which is no integer", op.Process, op.F, op.Invoke, op.Output)
			return part
		}
		answered++
		keys[op.Key] = true
		s := session{op.Process, op.Key}
		if before := last[s]; before != nil && !broken[s] && len(findings) < most {
			if m, _ := before.Output.Int(); n < m || n == m && op.F == "inc" {
				broken[s] = true
				findings = append(findings, shrank(before, op, m, n))
			}
		}
		last[s] = op
	}
	part.Objects = len(keys)
	if answered == 0 {
		part.Reason = "no operation is ok, so the history says nothing"
		return part
	}
	return part.Judged(findings, fmt.Sprintf("no process saw a value shrink in %s", wording.Count(answered, "operation")))
}

func shrank(before, op *history.Operation, m, n int64) checker.Finding {
	f := checker.Finding{Rule: MonotonicPart, Anomaly: "non-monotonic read", On: op.Key, Validity: checker.Invalid,
		Sentence: fmt.Sprintf("process %d saw %d%s it had seen %d", op.Process, n, wording.After(op.Invoke-before.Return), m)}
	if op.F == "inc" {
		f.Anomaly = "lost increment"
		f.Sentence = fmt.Sprintf("process %d made it %d%s it had seen %d", op.Process, n, wording.After(op.Invoke-before.Return), m)
	}
	f.Show(*before, *op)
	return f
}
