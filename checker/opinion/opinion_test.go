package opinion_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/opinion"
	"faultline/history"
)

// Both checkers answer alike about random histories of every model: few values, many intervals that overlap, all outcomes.
func TestBothCheckersAgree(t *testing.T) {
	for _, m := range linear.Models() {
		t.Run(m.Name(), func(t *testing.T) {
			draw := rand.New(rand.NewPCG(1, 1))
			agreed, invalid := 0, 0
			for range 4_000 {
				ops := randomHistory(draw, m.Name())
				opts := checker.Options{Initial: initial(draw, m.Name())}
				part := linear.Linearizable(m, ops, opts)
				o := askFrom(m.Name(), ops, part, opts)
				if o == nil {
					continue
				}
				if len(o.Disputes) > 0 {
					t.Fatalf("%+v about, from %v,\n%s", o.Disputes, opts.Initial, show(ops))
				}
				agreed += o.Agreed
				if o.Agreed > 0 && part.Validity == checker.Invalid {
					invalid++
				}
			}
			t.Logf("they agreed on %d histories, of which %d are invalid", agreed, invalid)
			if invalid < 100 || agreed-invalid < 100 {
				t.Error("these histories are no test")
			}
		})
	}
}

// A checker that errs, either way, is contradicted, and then the verdict is unknown.
func TestAnErrorOfOursIsDisputed(t *testing.T) {
	ops := []history.Operation{
		{Process: 0, F: "write", Key: "k", Input: history.IntValue(1), Outcome: history.OK, Invoked: 0, Returned: 1},
		{Process: 1, F: "read", Key: "k", Output: history.NilValue(), Outcome: history.OK, Invoked: 2, Returned: 3},
	}
	right := linear.Linearizable(linear.Register(), ops, checker.Options{})
	if o := ask("register", ops, right); o == nil || o.Agreed != 1 || len(o.Disputes) > 0 {
		t.Fatalf("got %+v", o)
	}
	wrong := checker.Part{Name: checker.LinearizablePart, Model: "register", Validity: checker.Valid, Objects: 1, Stage: "a wrong algorithm"}
	if wrong.Opinion = ask("register", ops, wrong); len(wrong.Opinion.Disputes) != 1 {
		t.Fatalf("a missed violation: got %+v", wrong.Opinion)
	}
	bad := checker.Part{Name: checker.InvariantsPart, Validity: checker.Invalid}
	if v := checker.Conclude(wrong, bad); v.Validity != checker.Unknown || !v.Disputed() || v.Kind() != checker.DisputeKind {
		t.Errorf("got %+v", v)
	}
	wrong.Validity, wrong.Findings = checker.Invalid, []checker.Finding{{On: "k", Validity: checker.Invalid}}
	ops[1].Output = history.IntValue(1)
	if o := ask("register", ops, wrong); len(o.Disputes) != 1 {
		t.Errorf("a false alarm: got %+v", o)
	}
}

// What is too large is not asked about, and counts as no agreement.
func TestALargeObjectIsNotAskedAbout(t *testing.T) {
	var ops []history.Operation
	for i := range int32(2_000) {
		ops = append(ops, history.Operation{F: "write", Key: "large", Input: history.IntValue(int64(i)), Outcome: history.OK, Invoked: 2 * i, Returned: 2*i + 1})
	}
	ops = append(ops, history.Operation{F: "write", Key: "small", Input: history.IntValue(1), Outcome: history.OK, Invoked: 4_000, Returned: 4_001})
	part := linear.Linearizable(linear.Register(), ops, checker.Options{})
	if o := ask("register", ops, part); o.String() != "porcupine agrees on 1 of 2 keys" {
		t.Errorf("got %v", o)
	}
}

// Of a history with more operations than are remembered, no object is asked about with only some of its operations: that of which the
// first ones came when there was no room is left out, even if there is room again later.
func TestNoObjectIsAskedAboutInPart(t *testing.T) {
	var ops []history.Operation
	add := func(key int, f string, v int64) {
		at := int32(2 * len(ops))
		op := history.Operation{F: f, Key: fmt.Sprint(key), Outcome: history.OK, Invoked: at, Returned: at + 1}
		if op.Input = history.IntValue(v); f == "read" {
			op.Input, op.Output = history.NilValue(), op.Input
		}
		ops = append(ops, op)
	}
	const keys, each = 512, 512 // as many as are remembered, on keys that are small
	for n := range each {
		for key := range keys {
			add(key, "write", int64(n))
		}
	}
	for key := range keys {
		add(keys+key, "write", 7)
		add(key, "write", each) // there is no room for it, so what was remembered of the key goes
		add(keys+key, "read", 7)
	}
	part := linear.Linearizable(linear.Register(), ops, checker.Options{})
	if o := ask("register", ops, part); part.Validity != checker.Valid || len(o.Disputes) > 0 {
		t.Fatalf("%v, %+v", part.Validity, o)
	}
}

func ask(model string, ops []history.Operation, part checker.Part) *checker.Opinion {
	return askFrom(model, ops, part, checker.Options{})
}

func askFrom(model string, ops []history.Operation, part checker.Part, opts checker.Options) *checker.Opinion {
	q := opinion.NewQuestions(model, opts)
	for i := range ops {
		q.Add(&ops[i])
	}
	return q.Ask(context.Background(), part, time.Minute)
}

// randomHistory is a few operations of the model, with any inputs, outputs and outcomes.
func randomHistory(draw *rand.Rand, model string) []history.Operation {
	var ops []history.Operation
	open := map[int32]int{}
	next := int32(draw.IntN(4))
	for position := int32(0); position < 16; position++ {
		process := next
		next = int32(draw.IntN(4))
		at, underway := open[process]
		switch {
		case !underway:
			op := randomOperation(draw, model)
			op.Process, op.Invoked, op.Returned, op.Outcome = process, position, -1, history.Info
			open[process] = len(ops)
			ops = append(ops, op)
		case draw.IntN(10) > 0:
			op := &ops[at]
			op.Returned, op.Outcome = position, history.OK
			if draw.IntN(6) == 0 {
				op.Outcome = history.Fail
				if draw.IntN(2) == 0 {
					op.Answered("", history.PreconditionFailed)
				}
			}
			delete(open, process)
		}
	}
	for i := range ops {
		if ops[i].Outcome == history.Info { // the output of what nobody answered
			ops[i].Output = history.Value{}
		}
	}
	return ops
}

// initial is now and then a value that the object holds at first.
func initial(draw *rand.Rand, model string) checker.Initial {
	some := history.ListValue(history.IntValue(int64(draw.IntN(3))), history.IntValue(int64(draw.IntN(3))), history.IntValue(0))
	switch {
	case draw.IntN(3) > 0 || model == "multi-register" || model == "mutex":
		return checker.Initial{}
	case model == "kv":
		return checker.InitialValue(history.TextValue("a"))
	case model == "set" || model == "stack" || model == "fifo-queue" || model == "unordered-queue" || model == "priority-queue":
		return checker.InitialValue(some)
	default:
		return checker.InitialValue(history.IntValue(int64(draw.IntN(3))))
	}
}

func randomOperation(draw *rand.Rand, model string) history.Operation {
	value := func() history.Value { return history.IntValue(int64(draw.IntN(3))) }
	text := func() history.Value { return history.TextValue([]string{"", "a", "b", "ab", "aa"}[draw.IntN(5)]) }
	maybe := func(v history.Value) history.Value {
		if draw.IntN(4) == 0 {
			return history.NilValue()
		}
		return v
	}
	pick := func(fs ...string) string { return fs[draw.IntN(len(fs))] }
	op := history.Operation{}
	switch model {
	case "register", "cas-register":
		op.F, op.Input, op.Output = pick("read", "write"), value(), maybe(value())
		if model == "cas-register" && draw.IntN(2) == 0 {
			op.F, op.Input = "cas", history.PairValue(int64(draw.IntN(3)), int64(draw.IntN(3)))
			if draw.IntN(2) == 0 {
				op.Output = history.Value{}
			}
		} else if model == "cas-register" && draw.IntN(4) == 0 {
			op.F = "delete"
		}
	case "kv":
		op.F, op.Input, op.Output = pick("get", "put", "append"), text(), text()
	case "counter":
		op.F, op.Input, op.Output = pick("add", "inc", "dec", "read"), value(), value()
	case "mutex":
		op.F = pick("acquire", "release")
	case "set":
		op.F, op.Input, op.Output = pick("add", "read"), value(), history.SetValue(value(), value())
	case "fifo-queue", "unordered-queue":
		op.F, op.Input, op.Output = pick("enqueue", "dequeue"), value(), maybe(value())
	case "stack":
		op.F, op.Input, op.Output = pick("push", "pop"), value(), maybe(value())
	case "priority-queue":
		op.F, op.Input, op.Output = pick("insert", "delete-min"), value(), maybe(value())
	case "multi-register":
		registers := history.MapValue([2]history.Value{value(), maybe(value())}, [2]history.Value{value(), maybe(value())})
		op.F, op.Input, op.Output = pick("read", "write"), registers, registers
	}
	return op
}

func show(ops []history.Operation) string {
	s := ""
	for i := range ops {
		op := &ops[i]
		s += fmt.Sprintf("%d–%d: process %d %s %v → %v %v %s\n", op.Invoked, op.Returned, op.Process, op.F, op.Input, op.Output, op.Outcome, op.Reason())
	}
	return s
}
