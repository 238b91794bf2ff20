//go:build long

package linear

import (
	"fmt"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// A bound on time is kept to within half a second, and so is an end from outside, in whatever stage it is met: while operations are read, in the
// algorithms that need no search, in the search, and in an explanation. It looks at the clock on the wall,
// so it is no part of the ordinary suite:
//
//	go test -tags long -run TimeoutIsKept ./checker/linear
func TestTimeoutIsKept(t *testing.T) {
	const allowed = 500 * time.Millisecond
	long := hotKeys(1, 10, 400_000, 1)
	spoiled := hotKeys(1, 10, 400_000, 1)
	for i := range spoiled {
		if op := &spoiled[len(spoiled)-1-i]; op.F == "read" && op.Outcome == history.OK {
			op.Output = history.IntValue(1)
			break
		}
	}
	repeated := repeating(20_000, 30)
	for _, c := range []struct {
		name  string
		model Model
		ops   []history.Operation
	}{
		{"valid", CASRegister(), long},
		{"invalid", CASRegister(), spoiled},
		{"repeated values", CASRegister(), repeated},
		{"set", Set(), setOfReads(2_000)},
		{"stack", Stack(), containers("push", "pop", 20_000, 20)},
		{"fifo-queue", FIFOQueue(), containers("enqueue", "dequeue", 200_000, 20)},
		{"unordered-queue", UnorderedQueue(), containers("enqueue", "dequeue", 200_000, 20)},
	} {
		for _, bound := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 200 * time.Millisecond} {
			t.Run(fmt.Sprint(c.name, bound), func(t *testing.T) {
				begin := time.Now()
				part := Linearizable(c.model, c.ops, checker.Options{Timeout: bound})
				if took := time.Since(begin); took > bound+allowed {
					t.Errorf("took %v for %v", took, part.Validity)
				}
				done := make(chan struct{})
				begin = time.Now()
				time.AfterFunc(bound, func() { close(done) })
				part = Linearizable(c.model, c.ops, checker.Options{Timeout: time.Hour, Done: done})
				if took := time.Since(begin); took > bound+allowed {
					t.Errorf("took %v for %v after it was done with", took, part.Validity)
				}
			})
		}
	}
}

// repeating makes writes and reads of few values by many clients, with no quiet moment.
func repeating(operations, clients int) []history.Operation {
	ops := hotKeys(1, clients, operations, 5)
	for i := range ops {
		op := &ops[i]
		if n, ok := op.Input.Int(); ok {
			op.Input = history.IntValue(n % 5)
		}
		if n, ok := op.Output.Int(); ok {
			op.Output = history.IntValue(n % 5)
		}
		if a, b, ok := op.Input.Pair(); ok {
			op.F, op.Input, op.Outcome = "write", history.IntValue((a+b)%5), history.Info
			op.Answered("", "")
		}
	}
	return ops
}
