package ladder

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// store is a store with a log, as a real one: writes go to the end of it, and a read sees what the node that was asked has
// applied. It draws the history of many clients that work at once.
type store struct {
	clients, keys, operations int
	lag                       int     // how many entries a node is behind, at most
	sessions                  bool    // a read waits for what its client has seen
	indexed                   bool    // answers tell their log index
	info                      float64 // the share of operations that nobody learns the outcome of
}

func (s store) draw(seed uint64) []history.Operation {
	rng := rand.New(rand.NewPCG(seed, 3))
	type entry struct {
		key   int
		value int64
	}
	log := []entry{}
	held := make([]int64, s.keys) // 0 is null
	versions := make([][]int, s.keys)
	process, seen := make([]int, s.clients), make([]int, s.clients)
	for c := range process {
		process[c] = c
	}
	next := s.clients
	ops := make([]history.Operation, 0, s.operations)
	value := func(v int64) history.Value {
		if v == 0 {
			return history.NilValue()
		}
		return history.IntValue(v)
	}
	for i := range s.operations {
		c, k := rng.IntN(s.clients), rng.IntN(s.keys)
		if i%s.clients == 0 || len(ops) == 0 {
			c = i % s.clients
		}
		op := history.Operation{Process: int32(process[c]), F: "read", Key: fmt.Sprint("k", k), Outcome: history.OK,
			Invoked: int32(2 * i), Returned: int32(2*i + 1), Invoke: time.Duration(2*i) * time.Millisecond, Return: time.Duration(2*i+1) * time.Millisecond}
		index := len(log)
		switch p := rng.Float64(); {
		case p < 0.2:
			op.F, op.Input = "write", history.IntValue(int64(i+1))
			log, held[k] = append(log, entry{k, int64(i + 1)}), int64(i+1)
		case p < 0.35:
			op.F, op.Input = "cas", history.ListValue(value(held[k]), history.IntValue(int64(i+1)))
			log, held[k] = append(log, entry{k, int64(i + 1)}), int64(i+1)
		default:
			if s.lag > 0 {
				index -= rng.IntN(min(s.lag, index+1))
			}
			if s.sessions {
				index = max(index, seen[c])
			}
			v := int64(0)
			for n := len(versions[k]) - 1; n >= 0; n-- {
				if versions[k][n] < index {
					v = log[versions[k][n]].value
					break
				}
			}
			op.Output = value(v)
		}
		if op.F != "read" {
			index = len(log)
			versions[k] = append(versions[k], index-1)
		}
		seen[c] = max(seen[c], index)
		if s.indexed {
			op.LogIndex = uint64(index) + 1
		}
		if op.F != "read" && rng.Float64() < s.info {
			op.Outcome, op.LogIndex = history.Info, 0
			process[c], seen[c] = next, 0
			next++
		}
		ops = append(ops, op)
	}
	return ops
}

// BenchmarkLadder decides each model over a hundred thousand operations of fifty clients, on histories that a store gives whose
// reads wait for their sessions, and on those of one in which they do not.
func BenchmarkLadder(b *testing.B) {
	const n = 100_000
	stores := []struct {
		name string
		store
	}{
		{"session", store{clients: 50, keys: 20, operations: n, lag: 200, sessions: true, indexed: true}},
		{"session without indexes", store{clients: 50, keys: 20, operations: n, lag: 200, sessions: true}},
		{"session without indexes, one key", store{clients: 50, keys: 1, operations: n, lag: 200, sessions: true}},
		{"session without indexes, 500 processes", store{clients: 50, keys: 20, operations: n, lag: 200, sessions: true, info: 0.0128}},
		{"stale", store{clients: 50, keys: 20, operations: n, lag: 200}},
		{"stale, one key", store{clients: 50, keys: 1, operations: n, lag: 200}},
		{"stale, 500 processes", store{clients: 50, keys: 20, operations: n, lag: 200, info: 0.0128}},
	}
	for _, s := range stores {
		ops := s.draw(1)
		for _, model := range append(Names(), "all", "measures") {
			b.Run(s.name+"/"+model, func(b *testing.B) {
				var results []Result
				for b.Loop() {
					switch model {
					case "all":
						results = Check(ops, Names(), Options{Timeout: 10 * time.Minute, Memory: 2 << 30})
					case "measures":
						Measure(ops)
					default:
						results = Check(ops, []string{model}, Options{Timeout: 10 * time.Minute, Memory: 2 << 30, Settled: 1})
					}
				}
				for _, r := range results {
					if model != "all" {
						b.ReportMetric(float64(r.Validity), r.Validity.String())
					}
				}
			})
		}
	}
}

// What the benchmark takes for the histories of a store are such.
func TestDrawnStores(t *testing.T) {
	for seed := range uint64(10) {
		s := store{clients: 5, keys: 3, operations: 300, lag: 20, sessions: true, indexed: seed%2 == 0, info: 0.02}
		for _, r := range Check(s.draw(seed), []string{Sequential, CausalMemory, CausalConvergence, PRAM, ConsistentPrefix}, Options{}) {
			if r.Validity != checker.Valid {
				t.Errorf("seed %d: %s is %v: %s", seed, r.Model, r.Validity, r.Reason)
			}
		}
	}
}
