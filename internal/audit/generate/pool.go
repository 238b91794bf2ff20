package generate

import (
	"math/rand/v2"
	"slices"

	"faultline/internal/audit/oracle"
)

// pool is where the values of a history come from.
type pool struct {
	values   []oracle.Value
	unique   bool // no value is handed out twice for writing
	used     int
	texts    []string
	steps    []oracle.Value // of counters
	counting []string       // functions of counters
	maps     float64        // the share of the operations on multi-registers that read and write maps
}

var (
	integers = []oracle.Value{oracle.IntValue(1), oracle.IntValue(2), oracle.IntValue(3), oracle.IntValue(4), oracle.IntValue(5),
		oracle.IntValue(6), oracle.IntValue(7), oracle.IntValue(8), oracle.IntValue(9), oracle.IntValue(10), oracle.IntValue(11)}
	// odd values differ where a careless reader takes them for the same.
	odd = []oracle.Value{
		oracle.TextValue("a"), oracle.OtherValue(":a"), oracle.IntValue(0), oracle.TextValue("0"), oracle.IntValue(-1),
		oracle.TextValue(""), oracle.ListValue(), oracle.ListValue(oracle.ListValue(oracle.IntValue(1)), oracle.NilValue()),
		oracle.TextValue("\u00e9"), oracle.TextValue("e\u0301"), oracle.OtherValue("true"), oracle.OtherValue("1.5"),
		oracle.IntValue(9223372036854775807), oracle.IntValue(-9223372036854775808),
		oracle.OtherValue("9223372036854775808"), oracle.OtherValue("123456789012345678901234567890"),
		oracle.SetValue(oracle.IntValue(1), oracle.IntValue(2)), oracle.MapValue(oracle.OtherValue(":a"), oracle.IntValue(1)),
		oracle.TextValue("nil"), oracle.TextValue("line\nbreak\t\"quoted\" \\ ; {"), oracle.TextValue("\U0001F600"),
		oracle.ListValue(oracle.IntValue(1), oracle.TextValue("1")), oracle.OtherValue(":a/b"), oracle.OtherValue("sym"),
		oracle.SetValue(), oracle.MapValue(), oracle.OtherValue("false"), oracle.TextValue("\x7f\u2028"),
	}
)

func newPool(r *rand.Rand) *pool {
	p := &pool{unique: r.IntN(2) == 0, values: integers, maps: pick(r, []float64{0, 0.5, 1})}
	if r.IntN(5) == 0 {
		p.values = nil
		for _, i := range r.Perm(len(odd))[:11] {
			p.values = append(p.values, odd[i])
		}
	}
	if !p.unique {
		p.values = p.values[:1+r.IntN(4)]
	}
	if r.IntN(20) == 0 {
		p.values = slices.Concat(p.values, []oracle.Value{oracle.NilValue()})
		r.Shuffle(len(p.values), func(i, j int) { p.values[i], p.values[j] = p.values[j], p.values[i] })
	}
	p.texts = pick(r, [][]string{{"a", "b"}, {"a", "aa", ""}, {"x 1 y", "x 2 y", "x 3 y", "x 4 y", "x 5 y"}, {"é", "\u0301", "e"}})
	p.counting = pick(r, [][]string{{"add", "read"}, {"inc", "read"}, {"inc", "dec", "read"}, {"add", "inc", "dec", "read"}})
	p.steps = pick(r, [][]oracle.Value{integers[:1], integers[:2], {oracle.IntValue(1), oracle.IntValue(-1)},
		{oracle.IntValue(0), oracle.IntValue(-3), oracle.IntValue(5)}, {oracle.IntValue(5)},
		{oracle.IntValue(1 << 30), oracle.IntValue(-1 << 30), oracle.IntValue(1)}})
	return p
}

// next is a value to write.
func (p *pool) next(r *rand.Rand) oracle.Value {
	if p.unique {
		p.used++
		return p.values[(p.used-1)%len(p.values)]
	}
	return pick(r, p.values)
}

// some is a value that may have been written.
func (p *pool) some(r *rand.Rand) oracle.Value {
	if p.unique {
		return p.values[r.IntN(min(p.used+1, len(p.values)))]
	}
	return pick(r, p.values)
}

// any is a value that may have been written, or null.
func (p *pool) any(r *rand.Rand) oracle.Value {
	if r.IntN(6) == 0 {
		return oracle.NilValue()
	}
	return p.some(r)
}

func (p *pool) text(r *rand.Rand) oracle.Value { return oracle.TextValue(pick(r, p.texts)) }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
