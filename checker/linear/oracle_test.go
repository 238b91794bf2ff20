package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"faultline/history"
)

// oracle is a model again, written for clarity and on its own: it shares nothing with the code that it
// is the measure of.
type oracle struct {
	model Model
	// outcomes is what an operation may do and return, in a state; none if it can only fail.
	outcomes func(state []int64, f string, in history.Value) []outcome
	// invoke draws an operation; fresh is a value that was not drawn before.
	invoke func(rng *rand.Rand, fresh func() int64) (f string, in history.Value)
	// spoil draws an answer that may be wrong.
	spoil func(rng *rand.Rand, f string, out history.Value, most int64) history.Value
	start []int64
}

type outcome struct {
	next []int64
	out  history.Value
}

func ints(list []int64) history.Value {
	vs := make([]history.Value, len(list))
	for i, n := range list {
		vs[i] = history.IntValue(n)
	}
	return history.ListValue(vs...)
}

func letters(list []int64) history.Value {
	text := ""
	for _, n := range list {
		text += string(rune('a' + n%26))
	}
	return history.TextValue(text)
}

func anyInt(rng *rand.Rand, _ string, out history.Value, most int64) history.Value {
	if out.Kind() == history.None {
		return out
	}
	return history.IntValue(1 + rng.Int64N(most+1))
}

// oracles are all models but the registers, which have a brute force of their own.
func oracles() []oracle {
	container := func(m Model, insert, remove string, removable func(state []int64) (int, int)) oracle {
		return oracle{
			model: m, spoil: func(rng *rand.Rand, f string, out history.Value, most int64) history.Value {
				if f == remove && rng.IntN(3) == 0 {
					return history.NilValue()
				}
				return anyInt(rng, f, out, most)
			},
			invoke: func(rng *rand.Rand, fresh func() int64) (string, history.Value) {
				if rng.IntN(2) == 0 {
					return insert, history.IntValue(fresh())
				}
				return remove, history.Value{}
			},
			outcomes: func(state []int64, f string, in history.Value) (all []outcome) {
				if n, ok := in.Int(); ok && f == insert {
					return []outcome{{next: append(slices.Clone(state), n)}}
				}
				if len(state) == 0 {
					return []outcome{{out: history.NilValue()}}
				}
				begin, end := removable(state)
				for i := begin; i < end; i++ {
					all = append(all, outcome{slices.Delete(slices.Clone(state), i, i+1), history.IntValue(state[i])})
				}
				return all
			},
		}
	}
	return []oracle{
		container(FIFOQueue(), "enqueue", "dequeue", func([]int64) (int, int) { return 0, 1 }),
		container(UnorderedQueue(), "enqueue", "dequeue", func(state []int64) (int, int) { return 0, len(state) }),
		container(Stack(), "push", "pop", func(state []int64) (int, int) { return len(state) - 1, len(state) }),
		container(PriorityQueue(), "insert", "delete-min", func(state []int64) (int, int) {
			least := slices.Index(state, slices.Min(state))
			return least, least + 1
		}),
		setOracle(), counterOracle(false), counterOracle(true), mutexOracle(), kvOracle(), multiOracle(),
	}
}

func setOracle() oracle {
	return oracle{
		model: Set(),
		invoke: func(rng *rand.Rand, fresh func() int64) (string, history.Value) {
			if rng.IntN(2) == 0 {
				return "add", history.IntValue(fresh())
			}
			return "read", history.Value{}
		},
		outcomes: func(state []int64, f string, in history.Value) []outcome {
			if n, ok := in.Int(); ok {
				if slices.Contains(state, n) {
					return []outcome{{next: state}}
				}
				return []outcome{{next: append(slices.Clone(state), n)}}
			}
			sorted := slices.Clone(state)
			slices.Sort(sorted)
			return []outcome{{state, ints(sorted)}}
		},
		spoil: func(rng *rand.Rand, f string, out history.Value, most int64) history.Value {
			list, ok := out.List()
			if !ok {
				return out
			}
			var ns []int64
			for _, v := range list {
				if n, _ := v.Int(); rng.IntN(3) > 0 {
					ns = append(ns, n)
				}
			}
			if n := 1 + rng.Int64N(most+1); rng.IntN(2) == 0 && !slices.Contains(ns, n) {
				ns = append(ns, n)
			}
			slices.Sort(ns)
			return ints(ns)
		},
	}
}

func counterOracle(mixed bool) oracle {
	return oracle{
		model: Counter(), start: []int64{0},
		invoke: func(rng *rand.Rand, fresh func() int64) (string, history.Value) {
			switch {
			case rng.IntN(2) == 0:
				return "read", history.Value{}
			case mixed && rng.IntN(2) == 0:
				return "dec", history.Value{}
			case mixed:
				return "add", history.IntValue(fresh() % 3)
			default:
				return "add", history.IntValue(2)
			}
		},
		outcomes: func(state []int64, f string, in history.Value) []outcome {
			n, _ := in.Int()
			switch f {
			case "read":
				return []outcome{{state, history.IntValue(state[0])}}
			case "dec":
				n = -1
			}
			return []outcome{{next: []int64{state[0] + n}}}
		},
		spoil: func(rng *rand.Rand, f string, out history.Value, most int64) history.Value {
			if n, ok := out.Int(); ok {
				return history.IntValue(n + 2*rng.Int64N(3) - 2)
			}
			return out
		},
	}
}

func mutexOracle() oracle {
	return oracle{
		model: Mutex(), start: []int64{0},
		invoke: func(rng *rand.Rand, _ func() int64) (string, history.Value) {
			return []string{"acquire", "release"}[rng.IntN(2)], history.Value{}
		},
		outcomes: func(state []int64, f string, _ history.Value) []outcome {
			if (f == "acquire") == (state[0] == 0) {
				return []outcome{{next: []int64{1 - state[0]}}}
			}
			return nil
		},
		spoil: func(_ *rand.Rand, _ string, out history.Value, _ int64) history.Value { return out },
	}
}

func kvOracle() oracle {
	return oracle{
		model: KV(),
		invoke: func(rng *rand.Rand, fresh func() int64) (string, history.Value) {
			switch rng.IntN(3) {
			case 0:
				return "get", history.Value{}
			case 1:
				return "put", letters([]int64{fresh()})
			default:
				return "append", letters([]int64{fresh()})
			}
		},
		outcomes: func(state []int64, f string, in history.Value) []outcome {
			text, _ := in.Text()
			switch f {
			case "get":
				return []outcome{{state, letters(state)}}
			case "put":
				return []outcome{{next: []int64{int64(text[0] - 'a')}}}
			default:
				return []outcome{{next: append(slices.Clone(state), int64(text[0]-'a'))}}
			}
		},
		spoil: func(rng *rand.Rand, f string, out history.Value, _ int64) history.Value {
			if s, ok := out.Text(); ok && len(s) > 0 {
				return history.TextValue(s[rng.IntN(len(s)):])
			}
			return out
		},
	}
}

func multiOracle() oracle {
	step := func(kind string, register, v int64) history.Value {
		value := history.NilValue()
		if v > 0 {
			value = history.IntValue(v)
		}
		return history.ListValue(history.TextValue(kind), history.IntValue(register), value)
	}
	return oracle{
		model: MultiRegister(), start: []int64{0, 0, 0},
		invoke: func(rng *rand.Rand, fresh func() int64) (string, history.Value) {
			var steps []history.Value
			most := 1 + rng.IntN(2)
			for range most {
				if rng.IntN(2) == 0 {
					steps = append(steps, step("r", rng.Int64N(3), 0))
				} else {
					steps = append(steps, step("w", rng.Int64N(3), fresh()))
				}
			}
			return "txn", history.ListValue(steps...)
		},
		outcomes: func(state []int64, f string, in history.Value) []outcome {
			next := slices.Clone(state)
			var out []history.Value
			steps, _ := in.List()
			for _, s := range steps {
				parts, _ := s.List()
				kind, _ := parts[0].Text()
				register, _ := parts[1].Int()
				if kind == "w" {
					next[register], _ = parts[2].Int()
				}
				out = append(out, step(kind, register, next[register]))
			}
			return []outcome{{next, history.ListValue(out...)}}
		},
		spoil: func(rng *rand.Rand, f string, out history.Value, most int64) history.Value {
			steps, _ := out.List()
			for i, s := range steps {
				parts, _ := s.List()
				if kind, _ := parts[0].Text(); kind == "r" && rng.IntN(2) == 0 {
					register, _ := parts[1].Int()
					steps[i] = step("r", register, rng.Int64N(most+1))
				}
			}
			return history.ListValue(steps...)
		},
	}
}

// linearizable decides by trying every order.
func (o *oracle) linearizable(ops []history.Operation) bool {
	var open []history.Operation
	for _, op := range ops {
		if op.Outcome != history.Fail {
			open = append(open, op)
		}
	}
	return o.extend(open, o.start, map[string]bool{})
}

func (o *oracle) extend(open []history.Operation, state []int64, dead map[string]bool) bool {
	key := fmt.Sprint(state)
	done := true
	for _, op := range open {
		key += fmt.Sprint(" ", op.Invoked)
		done = done && op.Outcome == history.Info
	}
	if done {
		return true
	}
	if dead[key] {
		return false
	}
	for i, op := range open {
		if !mayBeNext(open, op, byPosition) {
			continue
		}
		rest := append(append([]history.Operation(nil), open[:i]...), open[i+1:]...)
		for _, next := range o.outcomes(state, op.F, op.Input) {
			if (op.Outcome == history.Info || next.out.Equal(op.Output)) && o.extend(rest, next.next, dead) {
				return true
			}
		}
	}
	dead[key] = true
	return false
}
