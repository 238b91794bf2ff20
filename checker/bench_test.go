package checker

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"faultline/history"
)

// manyKeys makes the operations of a valid history of ten processes with unique values, in which one
// operation in thirty ends in info.
func manyKeys(keys, operations int) []history.Operation {
	s := simulation{rng: rand.New(rand.NewPCG(1, 3)), processes: 10, length: operations, unique: true}
	for k := range keys {
		s.keys = append(s.keys, fmt.Sprintf("k%d", k))
	}
	ops, err := history.Operations(s.run())
	if err != nil {
		panic(err) // the simulation keeps the rules
	}
	return ops
}

func BenchmarkLinearizable(b *testing.B) {
	for _, c := range []struct{ keys, operations int }{{20, 12_000}, {1, 12_000}, {100, 100_000}} {
		b.Run(fmt.Sprintf("keys=%d/operations=%d", c.keys, c.operations), func(b *testing.B) {
			ops := manyKeys(c.keys, c.operations)
			b.ReportAllocs()
			for b.Loop() {
				part, _ := Linearizable(CASRegister(), ops, Options{})
				if part.Validity != Valid {
					b.Fatal(part.Reason)
				}
			}
			b.ReportMetric(float64(b.N)*float64(len(ops))/b.Elapsed().Seconds(), "ops/s")
		})
	}
}
