package compare

import (
	"faultline/checker/linear"
	"faultline/history"
	"faultline/results"
)

// diverge finds the first operation that came to another answer in another run of the same seed. Operations are the same if they
// are of one process, equally many of its came before, and they ask for the same. After the first difference they soon are not.
func diverge(first, other []history.Operation) (d results.Divergence, found bool) {
	type place struct{ process, nth int32 }
	places := map[place]*history.Operation{}
	count := map[int32]int32{}
	for i := range other {
		op := &other[i]
		places[place{op.Process, count[op.Process]}] = op
		count[op.Process]++
	}
	clear(count)
	for i := range first {
		op := &first[i]
		twin := places[place{op.Process, count[op.Process]}]
		count[op.Process]++
		if twin == nil || twin.F != op.F || twin.Key != op.Key || !twin.Input.Equal(op.Input) {
			continue
		}
		if twin.Outcome != op.Outcome || !twin.Output.Equal(op.Output) {
			d.First, d.Other = divergent(op), divergent(twin)
			return d, true
		}
	}
	return d, false
}

func divergent(op *history.Operation) results.DivergentOp {
	return results.DivergentOp{Process: int(op.Process), Text: linear.Describe(op), Node: op.Node(), Invoke: op.Invoke, Return: op.Return}
}
