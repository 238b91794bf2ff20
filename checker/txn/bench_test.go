package txn_test

import (
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/history"
)

// The checkers as they are called, on histories that are strictly serializable, of 20 clients, with one transaction in a hundred of unknown
// outcome. Keys are given up after 100 writes.
func BenchmarkCheck(b *testing.B) {
	for _, c := range []struct {
		name  string
		lists bool
		check checker.Checker
	}{
		{"list-append", true, txn.ListAppend()},
		{"rw-register", false, txn.RWRegister()},
	} {
		b.Run(c.name, func(b *testing.B) {
			const transactions = 100_000
			ops := busy(transactions, c.lists)
			for b.Loop() {
				if part := c.check.Check(b.Context(), checker.Input{Operations: ops}, checker.Options{}); part.Validity != checker.Valid {
					b.Fatal(part.Reason)
				}
			}
			b.ReportMetric(float64(transactions)*float64(b.N)/b.Elapsed().Seconds(), "txn/s")
		})
	}
}

// busy is the history of clients that keep a store busy.
func busy(transactions int, lists bool) []history.Operation {
	const clients, keys, writes = 20, 10, 100
	random := rand.New(rand.NewPCG(1, 16))
	d := &drawnStore{random: random, lists: lists, state: map[string]history.Value{}, older: map[string][]history.Value{}}
	var ops []history.Operation
	var open [clients]int // one more than the operation of a client
	processes := [clients]int32{}
	for c := range processes {
		processes[c] = int32(c)
	}
	names, written := make([]int, keys), make([]int, keys)
	next := keys
	for i := range names {
		names[i] = i
	}
	for len(ops) < transactions {
		c := random.IntN(clients)
		d.now++
		if open[c] == 0 {
			var steps []history.Value
			for range 1 + random.IntN(4) {
				k := random.IntN(keys)
				key := history.IntValue(int64(names[k]))
				if random.IntN(2) == 0 {
					steps = append(steps, history.ListValue(history.TextValue("r"), key, history.NilValue()))
					continue
				}
				name := "w"
				if lists {
					name = "append"
				}
				d.next++
				steps = append(steps, history.ListValue(history.TextValue(name), key, history.IntValue(d.next)))
				if written[k]++; written[k] == writes {
					names[k], written[k] = next, 0
					next++
				}
			}
			ops = append(ops, history.Operation{F: "txn", Process: processes[c], Input: history.ListValue(steps...), Outcome: history.Info, Invoked: d.now, Returned: -1})
			open[c] = len(ops)
			continue
		}
		op := &ops[open[c]-1]
		open[c] = 0
		op.Output = answered(op.Input, d.state)
		if random.IntN(100) == 0 {
			op.Output = history.Value{}
			processes[c] += clients
			continue
		}
		op.Outcome, op.Returned = history.OK, d.now
	}
	return ops
}

// answered has the steps of a transaction take effect.
func answered(steps history.Value, state map[string]history.Value) history.Value {
	var done []history.Value
	for step := range steps.Elements {
		key := step.At(1).String()
		if step.At(0).Word() != "r" {
			state[key] = applied(state[key], step)
			done = append(done, step)
			continue
		}
		v := state[key]
		if v.Kind() == history.None {
			v = history.NilValue()
		}
		done = append(done, history.ListValue(step.At(0), step.At(1), v))
	}
	return history.ListValue(done...)
}
