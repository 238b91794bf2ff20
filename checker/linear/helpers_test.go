package linear

import (
	"math/rand/v2"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// render shows operations, one a line, with their positions.
func render(ops []history.Operation) string {
	var b strings.Builder
	for i := range ops {
		op := &ops[i]
		b.WriteString(strings.Join([]string{
			"  [", wording.Grouped(int(op.Invoked)), ", ", wording.Grouped(int(op.Returned)), "] ", Describe(op), " ", op.Outcome.String(), " ", op.Reason(), "\n",
		}, ""))
	}
	return b.String()
}

// readAlone reads the operations of one object, with time and memory to decide it.
func readAlone(m *Model, ops []history.Operation) (*object, *clock) {
	c := newClock(time.Minute)
	o := objects(m, ops, c, new(arena))[0]
	o.allowance = &allowance{clock: c, left: checker.DefaultMemory}
	return o, c
}

// drawLong makes the operations of a history of some twenty operations with a few pending ones.
func drawLong(seed uint64) []history.Operation {
	rng := rand.New(rand.NewPCG(seed, 2))
	s := simulation{
		rng: rng, keys: []string{"x"}, processes: 2 + rng.IntN(3), length: 10 + rng.IntN(16), values: 2 + rng.IntN(8),
		unique: rng.IntN(2) == 0, blind: rng.IntN(2) == 0, spoil: rng.IntN(3),
	}
	ops, err := history.Operations(s.run())
	if err != nil {
		panic(err) // the simulation keeps the rules
	}
	return ops
}
