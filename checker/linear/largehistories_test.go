package linear

import (
	"fmt"
	"math/rand/v2"

	"faultline/history"
)

// hotKeys makes the operations of a valid history of some clients on some registers with unique values:
// half reads, a third writes, the rest cas. Of every hundred operations some end in info, and half of
// those take effect later.
func hotKeys(keys, clients, operations, pending int) []history.Operation {
	rng := rand.New(rand.NewPCG(1, 3))
	names := make([]string, keys)
	held := make([]history.Value, keys)
	for k := range keys {
		names[k], held[k] = fmt.Sprintf("k%d", k), history.NilValue()
	}
	open := make([]*history.Operation, clients)
	where := make([]int, clients)
	applied := make([]bool, clients)
	ops := make([]history.Operation, 0, operations)
	position, written := int32(0), int64(0)
	next := func() int32 { position++; return position - 1 }
	for done := 0; done < operations; {
		at := rng.IntN(clients)
		op := open[at]
		if op == nil {
			if len(ops) == operations {
				continue
			}
			k := rng.IntN(keys)
			o := history.Operation{Process: int32(len(ops)), Key: names[k], Outcome: history.Info, Returned: -1, Invoked: next()}
			switch p := rng.IntN(100); {
			case p < 50:
				o.F = "read"
			case p < 83:
				written++
				o.F, o.Input = "write", history.IntValue(written)
			default:
				written++
				expect, _ := held[k].Int()
				o.F, o.Input = "cas", history.PairValue(expect, written)
			}
			ops = append(ops, o)
			open[at], where[at], applied[at] = &ops[len(ops)-1], k, false
			continue
		}
		if !applied[at] {
			applied[at] = true
			k := where[at]
			switch op.F {
			case "read":
				op.Output = held[k]
			case "write":
				held[k] = op.Input
			case "cas":
				a, b, _ := op.Input.Pair()
				if h, ok := held[k].Int(); ok && h == a {
					held[k] = history.IntValue(b)
				} else {
					op.Output = held[k]
					op.Answered("", history.PreconditionFailed)
				}
			}
			continue
		}
		done++
		open[at] = nil
		if rng.IntN(100) < pending {
			op.Output, op.Returned = history.Value{}, next()
			op.Answered("", "timeout")
			continue
		}
		op.Outcome, op.Returned = history.OK, next()
		if op.Reason() != "" {
			op.Outcome = history.Fail
		}
	}
	return ops
}

// scrambled makes the values arbitrary: 64 bits without any order.
func scrambled(ops []history.Operation) []history.Operation {
	scramble := func(v history.Value) history.Value {
		if a, b, ok := v.Pair(); ok {
			return history.PairValue(a*0x5851f42d4c957f2d, b*0x5851f42d4c957f2d)
		}
		if n, ok := v.Int(); ok {
			return history.IntValue(n * 0x5851f42d4c957f2d)
		}
		return v
	}
	for i := range ops {
		ops[i].Input, ops[i].Output = scramble(ops[i].Input), scramble(ops[i].Output)
	}
	return ops
}

// texts makes puts, appends and gets of ten clients that take turns.
func texts(n int) []history.Operation {
	var ops []history.Operation
	held := ""
	for i := range n {
		op := history.Operation{Process: int32(i % 10), Outcome: history.OK, Invoked: int32(2 * i), Returned: int32(2*i + 1)}
		text := fmt.Sprintf("<%d>", i)
		switch {
		case i%20 == 0:
			op.F, op.Input, held = "put", history.TextValue(text), text
		case i%2 == 0:
			op.F, op.Input, held = "append", history.TextValue(text), held+text
		default:
			op.F, op.Output = "get", history.TextValue(held)
		}
		ops = append(ops, op)
	}
	return ops
}

// worked makes a history of ten clients of a model that works.
func worked(o *oracle, n int) []history.Operation {
	rng := rand.New(rand.NewPCG(1, 11))
	next := int64(0)
	fresh := func() int64 { next++; return next }
	ops := make([]history.Operation, 0, n)
	open := make([]*history.Operation, 10)
	state, position := o.start, int32(0)
	for done := 0; done < n; {
		at := rng.IntN(len(open))
		if open[at] == nil {
			if len(ops) == n {
				done++
				continue
			}
			op := history.Operation{Process: int32(at), Outcome: history.Info, Invoked: position, Returned: -1}
			op.F, op.Input = o.invoke(rng, fresh)
			position++
			ops = append(ops, op)
			open[at] = &ops[len(ops)-1]
			continue
		}
		op := open[at]
		op.Outcome, op.Returned = history.Fail, position
		if all := o.outcomes(state, op.F, op.Input); len(all) > 0 {
			state, op.Output, op.Outcome = all[0].next, all[0].out, history.OK
		}
		position++
		open[at] = nil
	}
	return ops
}

// setOfReads makes adds, and reads that tell all of them.
func setOfReads(n int) []history.Operation {
	var ops []history.Operation
	var all []history.Value
	for i := range n {
		all = append(all, history.IntValue(int64(i)))
		ops = append(ops,
			history.Operation{F: "add", Input: all[i], Outcome: history.OK, Invoked: int32(4 * i), Returned: int32(4*i + 1)},
			history.Operation{F: "read", Output: history.ListValue(all...), Outcome: history.OK, Invoked: int32(4*i + 2), Returned: int32(4*i + 3)})
	}
	return ops
}

// containers makes a history in which clients put values in and take them out, one in, one out.
func containers(insert, remove string, operations, clients int) []history.Operation {
	ops := make([]history.Operation, 0, operations)
	position := 0
	for i := 0; i+2*clients <= operations; i += 2 * clients {
		for half := range 2 {
			begin := position
			for k := range clients {
				op := history.Operation{Process: int32(k), F: insert, Outcome: history.OK, Invoked: int32(begin + k), Returned: int32(begin + clients + k)}
				if v := history.IntValue(int64(i + k)); half == 0 {
					op.Input = v
				} else {
					op.F, op.Output = remove, history.IntValue(int64(i+clients-1-k))
					if insert != "push" {
						op.Output = v
					}
				}
				ops = append(ops, op)
			}
			position += 2 * clients
		}
	}
	return ops
}
