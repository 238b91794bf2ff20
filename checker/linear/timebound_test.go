//go:build long

package linear

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// A check ends within 100 ms after its time is up, whatever the history, and so it does when it is ended from outside. These tests look
// at the clock on the wall, so they are no part of the ordinary suite and have to run alone:
//
//	go test -tags long -run 'TimeoutIsKept|FuzzedHistories' -timeout 60m -v ./checker/linear
const overrun = 100 * time.Millisecond

// late runs a check and returns by how much it exceeded its time. If that is too much it tries once more, as another process may have had
// the processor.
func late(bound time.Duration, check func()) (excess time.Duration) {
	for range 2 {
		runtime.GC() // what came before is not to be collected meanwhile
		begin := time.Now()
		check()
		if excess = time.Since(begin) - bound; excess <= overrun {
			break
		}
	}
	return excess
}

// In whatever stage it is met: while operations are read, in the algorithms that need no search, in the search, and in an explanation.
func TestTimeoutIsKept(t *testing.T) {
	long := hotKeys(1, 10, 400_000, 1)
	spoiled := hotKeys(1, 10, 400_000, 1)
	for i := range spoiled {
		if op := &spoiled[len(spoiled)-1-i]; op.F == "read" && op.Outcome == history.OK {
			op.Output = history.IntValue(1)
			break
		}
	}
	for _, c := range []struct {
		name  string
		model Model
		ops   []history.Operation
	}{
		{"valid", CASRegister(), long},
		{"invalid", CASRegister(), spoiled},
		{"many keys", CASRegister(), hotKeys(100_000, 10, 400_000, 1)},
		{"repeated values", CASRegister(), repeating(20_000, 30)},
		{"set", Set(), setOfReads(2_000)},
		{"texts", KV(), texts(20_000)},
		{"stack", Stack(), containers("push", "pop", 20_000, 20)},
		{"fifo-queue", FIFOQueue(), containers("enqueue", "dequeue", 200_000, 20)},
		{"unordered-queue", UnorderedQueue(), containers("enqueue", "dequeue", 200_000, 20)},
	} {
		for _, bound := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 200 * time.Millisecond} {
			t.Run(fmt.Sprint(c.name, bound), func(t *testing.T) {
				var part checker.Part
				if excess := late(bound, func() { part = Linearizable(c.model, c.ops, checker.Options{Timeout: bound}) }); excess > overrun {
					t.Errorf("%v late with %v", excess, part.Validity)
				}
				if excess := late(bound, func() {
					done := make(chan struct{})
					time.AfterFunc(bound, func() { close(done) })
					part = Linearizable(c.model, c.ops, checker.Options{Timeout: time.Hour, Done: done})
				}); excess > overrun {
					t.Errorf("%v late with %v after it was done with", excess, part.Validity)
				}
			})
		}
	}
}

// repeating makes writes and reads of few values by many clients, with no quiet moment.
func repeating(operations, clients int) []history.Operation {
	ops := hotKeys(1, clients, operations, 5)
	for i := range ops {
		fewer(&ops[i], 5)
	}
	return ops
}

// fewer leaves an operation on a register a value of few.
func fewer(op *history.Operation, values int64) {
	if n, ok := op.Input.Int(); ok {
		op.Input = history.IntValue(n % values)
	}
	if n, ok := op.Output.Int(); ok {
		op.Output = history.IntValue(n % values)
	}
	if a, b, ok := op.Input.Pair(); ok {
		op.F, op.Input, op.Output, op.Outcome = "write", history.IntValue((a+b)%values), history.Value{}, history.Info
		op.Answered("", "")
	}
}

// Histories of all models, hard ones among them, with many pending operations, few values and many keys, in memory and in a stream that closes
// what it can.
func TestBoundsOfFuzzedHistories(t *testing.T) {
	var excesses []time.Duration
	seen := map[checker.Validity]int{}
	for seed := range uint64(10_000) {
		rng := rand.New(rand.NewPCG(seed, 29))
		model, ops := fuzzed(rng)
		bound := time.Duration(10+rng.IntN(50)) * time.Millisecond
		var part checker.Part
		excess := late(bound, func() { part = Linearizable(model, ops, checker.Options{Timeout: bound}) })
		events, closing := eventsOf(ops), 1+99*rng.IntN(2) // remembered operations at which the stream closes keys
		streaming := late(bound, func() {
			streamedIn(model, events, closing, checker.Options{Timeout: bound})
		})
		excesses = append(excesses, excess, streaming)
		seen[part.Validity]++
		if excess > overrun || streaming > overrun {
			t.Errorf("seed %d: a %s of %d operations on %d keys is %v late with %v, in a stream %v", seed, model.Name(), len(ops), part.Objects, excess, part.Validity, streaming)
		}
	}
	slices.Sort(excesses)
	n := len(excesses)
	t.Logf("%v; of %d checks 1 in 100 is %v late, 1 in 1,000 %v, the last one %v", seen, n, excesses[n-n/100], excesses[n-n/1000], excesses[n-1])
}

// fuzzed is a history of some model: objects that work, of which a part of the answers is lost, values are made few and answers wrong.
func fuzzed(rng *rand.Rand) (Model, []history.Operation) {
	all := oracles()
	which := rng.IntN(len(all) + 2) // the rest are registers
	keys := []int{1, 1, 3, 30}[rng.IntN(4)]
	length := 1 + (10<<rng.IntN(9))/keys
	lost, values, spoilt := rng.IntN(3)*rng.IntN(30), rng.Int64N(3)*rng.Int64N(20), rng.IntN(3)
	model := CASRegister()
	var ops []history.Operation
	for k := range keys {
		var own []history.Operation
		if which < len(all) {
			o := &all[which]
			model, own = o.model, worked(o, length)
			for range spoilt {
				op := &own[rng.IntN(len(own))]
				if op.Outcome == history.OK {
					op.Output = o.spoil(rng, op.F, op.Output, int64(length))
				}
			}
		} else {
			own = hotKeys(1, 1+rng.IntN(30), length, lost)
			for i := range own {
				if values > 0 {
					fewer(&own[i], values)
				}
			}
		}
		for _, op := range own {
			op.Key = fmt.Sprint(k)
			if rng.IntN(100) < lost {
				op.Outcome, op.Output = history.Info, history.Value{}
			}
			op.Invoked = op.Invoked*int32(keys) + int32(k)
			if op.Returned >= 0 {
				op.Returned = op.Returned*int32(keys) + int32(k)
			}
			ops = append(ops, op)
		}
	}
	return model, closeRanks(ops)
}

// closeRanks puts operations in order, without gaps between positions, each of a process of its own.
func closeRanks(ops []history.Operation) []history.Operation {
	slices.SortFunc(ops, func(a, b history.Operation) int { return int(a.Invoked - b.Invoked) })
	var events []*int32
	for i := range ops {
		op := &ops[i]
		op.Process = int32(i)
		if events = append(events, &op.Invoked); op.Returned >= 0 {
			events = append(events, &op.Returned)
		}
	}
	slices.SortFunc(events, func(a, b *int32) int { return int(*a - *b) })
	for i, at := range events {
		*at = int32(i)
	}
	return ops
}
