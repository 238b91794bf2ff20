package visibility

import (
	"context"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/intime"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// CausalPart is the name of the part of Causal.
const CausalPart = "causal"

// Causal asks whether each key keeps to its causal order, as Jepsen's test of that name has it: one client at a time works on a key, and does
// read-init, write 1, read, write 2, read and so on. All of that is in one causal order, so each read finds what was written last. At first
// that is 0 or nothing, as the first read finds, which is the read-init. A write of unknown outcome may take effect at any later time, once, or
// never: a read may find its value, and reads after that find it too until something else is written. If operations on a key overlap,
// or no read is ok, the answer is unknown.
func Causal() checker.Checker { return causal{} }

type causal struct{}

func (causal) Name() string { return CausalPart }

// held is what a key may hold: one of the values, or what a write of unknown outcome may write at any later time.
type held struct {
	values  []history.Value
	shown   []*history.Operation // why it holds one of the values: the last write, or who told that another one took effect
	pending []*history.Operation
	wrong   bool
}

func (c causal) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, CausalPart, func(clock *timebound.Clock) checker.Part { return c.judge(in, clock) })
}

func (causal) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: CausalPart}
	keys := map[string]*held{}
	var findings []checker.Finding
	open := map[string]*history.Operation{}
	for i := range in.Operations {
		op := &in.Operations[i]
		k := keys[op.Key]
		if k == nil {
			k = &held{values: []history.Value{history.IntValue(0), history.NilValue()}}
			keys[op.Key] = k
		}
		clock.Spend(1 + len(k.pending))
		if other := open[op.Key]; other != nil && other.Outcome != history.Info && other.Returned > op.Invoked {
			part.Reason = fmt.Sprintf("processes %d and %d work on key %q at once, so that it has no causal order", other.Process, op.Process, op.Key)
			return part
		}
		open[op.Key] = op
		part.Operations++
		f, err := k.after(op)
		switch {
		case err != nil:
			part.Reason = err.Error()
			return part
		case f != nil && len(findings) < most:
			findings = append(findings, *f)
		}
	}
	part.Objects = len(keys)
	if !answered(in.Operations) {
		part.Reason = "no read is ok, so the history says nothing"
		return part
	}
	return part.Judged(findings, fmt.Sprintf("%s kept to their causal order", wording.Count(len(keys), "key")))
}

// answered reports whether a read is ok.
func answered(all []history.Operation) bool {
	for i := range all {
		if all[i].Outcome == history.OK && all[i].F != "write" {
			return true
		}
	}
	return false
}

// after goes on to the state after an operation.
func (k *held) after(op *history.Operation) (*checker.Finding, error) {
	switch op.F {
	case "write":
		switch op.Outcome {
		case history.OK:
			k.values, k.shown = []history.Value{op.Input}, []*history.Operation{op}
		case history.Info:
			k.pending = append(k.pending, op)
		}
		return nil, nil
	case "read", "read-init":
		if op.Outcome != history.OK || k.wrong {
			return nil, nil
		}
		if k.may(op) {
			return nil, nil
		}
		k.wrong = true
		return k.unexpected(op), nil
	default:
		return nil, fmt.Errorf("process %d's %s at %v: there are read-init, read and write only", op.Process, op.F, op.Invoke)
	}
}

// may reports whether a key may hold what a read found, and takes it that it does.
func (k *held) may(read *history.Operation) bool {
	v := read.Output
	switch i := slices.IndexFunc(k.pending, func(op *history.Operation) bool { return op.Input.Equal(v) }); {
	case slices.ContainsFunc(k.values, v.Equal):
		if len(k.values) > 1 { // what was there at first
			k.shown = []*history.Operation{read}
		}
	case i >= 0:
		k.shown = []*history.Operation{k.pending[i], read}
		k.pending = slices.Delete(k.pending, i, i+1)
	default:
		return false
	}
	k.values = []history.Value{v}
	return true
}

func (k *held) unexpected(op *history.Operation) *checker.Finding {
	f := &checker.Finding{Rule: CausalPart, Anomaly: "causality violated", On: op.Key, Validity: checker.Invalid,
		Sentence: fmt.Sprintf("process %d read %v on key %q, which nobody had written before", op.Process, op.Output, op.Key)}
	var shown []history.Operation
	for _, o := range append(k.shown, op) {
		shown = append(shown, *o)
	}
	if len(k.shown) > 0 {
		done := "read"
		if k.shown[0].F == "write" {
			done = "written"
		}
		f.Sentence = fmt.Sprintf("process %d read %v on key %q after %v had been %s", op.Process, op.Output, op.Key, k.values[0], done)
	}
	f.Show(shown...)
	return f
}
