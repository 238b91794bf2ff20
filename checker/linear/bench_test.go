package linear

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// cpu is the time that the process has spent on a processor, in user mode: garbage collection is in it,
// and what others do on the same machine is not.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// first is how many bytes a check allocates to which no other one left its room, and what it takes then.
func first(run func()) (bytes uint64, took time.Duration) {
	runtime.GC()
	runtime.GC() // the second one empties the pool
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := cpu()
	run()
	took = cpu() - begin
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, took
}

// measure reports operations a second of wall time and of processor time.
func measure(b *testing.B, operations int, run func()) {
	b.ReportAllocs()
	runtime.GC() // what making the history left is not to be collected meanwhile
	begin := cpu()
	for b.Loop() {
		run()
	}
	total := float64(b.N) * float64(operations)
	b.ReportMetric(total/(cpu()-begin).Seconds(), "ops/cpu-s")
	b.ReportMetric(total/b.Elapsed().Seconds(), "ops/s")
}

// BenchmarkRegister decides histories of clients that all use one register and write arbitrary values,
// from history.Operation to the verdict.
func BenchmarkRegister(b *testing.B) {
	for _, clients := range []int{10, 50, 100} {
		for _, pending := range []int{0, 5} {
			for n := 1_000; n <= 10_000_000; n *= 10 {
				b.Run(fmt.Sprintf("clients=%d/pending=%d%%/operations=%d", clients, pending, n), func(b *testing.B) {
					benchmark(b, CASRegister(), scrambled(hotKeys(1, clients, n, pending)))
				})
			}
		}
	}
}

// BenchmarkConsecutive decides the same where the values written are consecutive integers, as most tests have
// them.
func BenchmarkConsecutive(b *testing.B) {
	for _, pending := range []int{0, 5} {
		for n := 1_000; n <= 10_000_000; n *= 10 {
			b.Run(fmt.Sprintf("pending=%d%%/operations=%d", pending, n), func(b *testing.B) {
				benchmark(b, CASRegister(), hotKeys(1, 10, n, pending))
			})
		}
	}
}

func benchmark(b *testing.B, m Model, ops []history.Operation) {
	bytes, took := first(func() { Linearizable(m, ops, checker.Options{Timeout: time.Minute}) })
	measure(b, len(ops), func() {
		part := Linearizable(m, ops, checker.Options{Timeout: time.Minute})
		if part.Validity != checker.Valid {
			b.Fatal(part.Reason)
		}
	})
	n := float64(len(ops))
	b.ReportMetric(float64(unsafe.Sizeof(ops[0]))+float64(bytes)/n, "B/operation")
	b.ReportMetric(n/took.Seconds(), "first-ops/cpu-s")
}

// BenchmarkKeys decides histories on many registers.
func BenchmarkKeys(b *testing.B) {
	for _, keys := range []int{20, 1_000, 100_000} {
		b.Run(fmt.Sprintf("keys=%d/operations=1000000", keys), func(b *testing.B) {
			benchmark(b, CASRegister(), scrambled(hotKeys(keys, 10, 1_000_000, 5)))
		})
	}
}

// BenchmarkStream decides the same event by event, forgetting what it can.
func BenchmarkStream(b *testing.B) {
	for _, keys := range []int{20, 1_000, 100_000} {
		b.Run(fmt.Sprintf("keys=%d/operations=1000000", keys), func(b *testing.B) {
			events := eventsOf(scrambled(hotKeys(keys, 10, 1_000_000, 0)))
			most := 0
			measure(b, 1_000_000, func() {
				s := NewStream(CASRegister(), checker.Options{Memory: 64 << 20})
				var pairing history.Pairing
				for i := range events {
					op, err := pairing.Add(&events[i])
					if err != nil {
						b.Fatal(err)
					}
					s.Add(&events[i], op)
					most = max(most, s.Remembered())
				}
				if part := s.Finish(pairing.Pending()); part.Validity != checker.Valid {
					b.Fatal(part.Reason)
				}
			})
			b.ReportMetric(float64(most), "remembered")
		})
	}
}

// BenchmarkModels decides histories of 100,000 operations of each model that has an algorithm of its own,
// and of 10,000 of the others.
func BenchmarkModels(b *testing.B) {
	all := oracles()
	b.Run("set", func(b *testing.B) { benchmark(b, Set(), setOfReads(500)) })
	b.Run("fifo-queue", func(b *testing.B) {
		benchmark(b, FIFOQueue(), containers("enqueue", "dequeue", 100_000, 10))
	})
	b.Run("unordered-queue", func(b *testing.B) {
		benchmark(b, UnorderedQueue(), containers("enqueue", "dequeue", 100_000, 10))
	})
	b.Run("stack", func(b *testing.B) { benchmark(b, Stack(), containers("push", "pop", 100_000, 10)) })
	b.Run("kv", func(b *testing.B) { benchmark(b, KV(), texts(100_000)) })
	b.Run("priority-queue", func(b *testing.B) { benchmark(b, PriorityQueue(), containers("insert", "delete-min", 100_000, 10)) })
	for i, n := range map[int]int{5: 100_000, 7: 100_000, 9: 10_000} {
		b.Run(all[i].model.Name(), func(b *testing.B) { benchmark(b, all[i].model, worked(&all[i], n)) })
	}
}

// BenchmarkDense decides a history that is in arrays of small consecutive integers already: what the
// algorithm alone takes.
func BenchmarkDense(b *testing.B) {
	for n := 1_000; n <= 10_000_000; n *= 10 {
		b.Run(fmt.Sprintf("operations=%d", n), func(b *testing.B) {
			m := CASRegister()
			o := objects(&m, hotKeys(1, 10, n, 0), newClock(time.Minute), new(arena))[0]
			o.refs, o.ops = nil, nil
			measure(b, n, func() {
				if decideZones(o, newClock(time.Minute)) != checker.Valid {
					b.Fatal("not valid")
				}
			})
		})
	}
}

// BenchmarkAgainstPorcupine is the ratio to porcupine, in processor time, in one process on one history. Values
// are consecutive integers, as Jepsen's tests and porcupine's users have them. Porcupine gets the best of three
// runs. Where it does not finish in half a minute the ratio is a bound from below.
func BenchmarkAgainstPorcupine(b *testing.B) {
	for _, pending := range []int{0, 1, 5} {
		for _, n := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("pending=%d%%/operations=%d", pending, n), func(b *testing.B) {
				ops := hotKeys(1, 10, n, pending)
				theirs, finished := porcupineTakes(b, plainQuestion(ops))
				times(b, CASRegister(), ops, theirs, finished)
				m := CASRegister()
				o := objects(&m, ops, newClock(time.Minute), new(arena))[0]
				begin := cpu()
				const runs = 100
				for range runs {
					decideZones(o, newClock(time.Minute))
				}
				b.ReportMetric(theirs.Seconds()/((cpu()-begin).Seconds()/runs), "algorithm-alone-times")
			})
		}
	}
}

// times reports how many times as long porcupine takes as we do, or at least if it did not finish.
func times(b *testing.B, m Model, ops []history.Operation, theirs time.Duration, finished bool) {
	runtime.GC()
	begin := cpu()
	for b.Loop() {
		if part := Linearizable(m, ops, checker.Options{}); part.Validity != checker.Valid {
			b.Fatal(part.Reason)
		}
	}
	ours := (cpu() - begin).Seconds() / float64(b.N)
	unit := "at-least-times-porcupine"
	if finished {
		unit = "times-porcupine"
	}
	b.ReportMetric(theirs.Seconds()/ours, unit)
}

// porcupineTakes is the least processor time that porcupine takes, of three times, or of one if it gives up.
func porcupineTakes(b *testing.B, q question) (least time.Duration, finished bool) {
	for range 3 {
		runtime.GC()
		begin := cpu()
		answer := porcupine.CheckOperationsTimeout(q.model, q.operations, 30*time.Second)
		if took := cpu() - begin; least == 0 || took < least {
			least = took
		}
		switch answer {
		case porcupine.Illegal:
			b.Fatal("porcupine finds a valid history illegal")
		case porcupine.Unknown:
			return least, false
		}
	}
	return least, true
}

// plainQuestion is what a user of porcupine would ask: a state that is an integer, inputs and outputs in
// structs.
func plainQuestion(ops []history.Operation) question {
	type input struct {
		f       string
		a, b    int64
		failed  bool
		unknown bool
	}
	var q question
	for i := range ops {
		op := &ops[i]
		in := input{f: op.F, failed: op.Outcome == history.Fail, unknown: op.Outcome == history.Info}
		if in.unknown && op.F == "read" {
			continue
		}
		in.a, in.b, _ = op.Input.Pair()
		if n, ok := op.Input.Int(); ok {
			in.a = n
		}
		out, _ := op.Output.Int()
		ret := int64(op.Returned)
		if in.unknown {
			ret = int64(2*len(ops) + 1)
		}
		q.operations = append(q.operations, porcupine.Operation{ClientId: int(op.Process), Input: in, Output: out, Call: int64(op.Invoked), Return: ret})
	}
	q.model = porcupine.Model{
		Init: func() any { return int64(0) },
		Step: func(state, in, out any) (bool, any) {
			held, op := state.(int64), in.(input)
			switch {
			case op.f == "read" || op.failed:
				return held == out.(int64), held
			case op.f == "write":
				return true, op.a
			case held == op.a:
				return true, op.b
			default:
				return op.unknown, held
			}
		},
	}
	return q
}
