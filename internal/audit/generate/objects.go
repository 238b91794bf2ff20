package generate

import (
	"math/rand/v2"
	"slices"

	"faultline/internal/audit/oracle"
)

// object is a correct object for clients to use. Its answers make histories that are linearizable, most of which one
// wrong answer spoils.
type object struct {
	// draw is an operation that a client may ask for.
	draw func(r *rand.Rand, p *pool) (f string, input oracle.Value)
	// apply does an operation. It returns what comes back and whether the operation can take effect now: a
	// lock that is held cannot be acquired. A failure to compare comes back as compared.
	apply func(held *[]oracle.Value, f string, input oracle.Value) (output oracle.Value, answer answer)
	// wrong is an answer of the right form, which need not be right.
	wrong func(r *rand.Rand, p *pool, f string, input oracle.Value) oracle.Value
}

type answer uint8

const (
	done answer = iota
	compared
	blocked
)

var objects = map[string]object{
	"register":        {drawRegister("read", "read", "write"), applyRegister, wrongElement},
	"cas-register":    {drawRegister("read", "read", "write", "cas", "cas", "delete"), applyRegister, wrongElement},
	"kv":              {drawText, applyText, wrongText},
	"set":             {drawSet, applySet, wrongList},
	"fifo-queue":      {drawQueue("enqueue", "dequeue"), applyQueue("enqueue", first), wrongElement},
	"unordered-queue": {drawQueue("enqueue", "dequeue"), applyQueue("enqueue", middle), wrongElement},
	"stack":           {drawQueue("push", "pop"), applyQueue("push", last), wrongElement},
	"priority-queue":  {drawQueue("insert", "delete-min"), applyPriorities, wrongElement},
	"counter":         {drawCounter, applyCounter, wrongCount},
	"mutex":           {drawMutex, applyMutex, wrongNothing},
	"multi-register":  {drawRegisters, applyRegisters, wrongRegisters},
}

// drawInitial is what an object of a model may hold at first, as its parts and as the value that names it.
func drawInitial(r *rand.Rand, p *pool, model string) (held []oracle.Value, initial oracle.Value) {
	switch model {
	case "kv":
		v := p.text(r)
		return []oracle.Value{v}, v
	case "counter":
		v := pick(r, p.steps)
		return []oracle.Value{v}, v
	case "mutex":
		if r.IntN(2) == 0 {
			return nil, oracle.OtherValue("false")
		}
		return []oracle.Value{oracle.NilValue()}, oracle.OtherValue("true")
	case "register", "cas-register":
		if v := p.some(r); v.Kind() != oracle.Map { // which would be those of the keys
			return []oracle.Value{v}, v
		}
		return nil, oracle.Value{}
	case "multi-register":
		v := drawMap(r, p.some)
		return v.Items(), v
	}
	for range r.IntN(3) {
		if v := p.some(r); model != "set" || !slices.ContainsFunc(held, v.Equal) {
			held = append(held, v)
		}
	}
	return held, oracle.ListValue(held...)
}

func drawRegister(functions ...string) func(*rand.Rand, *pool) (string, oracle.Value) {
	return func(r *rand.Rand, p *pool) (string, oracle.Value) {
		switch f := pick(r, functions); f {
		case "write":
			return f, p.next(r)
		case "cas":
			return f, oracle.ListValue(p.any(r), p.next(r))
		default:
			return f, oracle.NilValue()
		}
	}
}

func applyRegister(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
	now := oracle.NilValue()
	if len(*held) > 0 {
		now = (*held)[0]
	}
	switch f {
	case "read":
		return now, done
	case "write":
		*held = []oracle.Value{input}
	case "delete":
		*held = nil
	case "cas":
		if !now.Equal(input.Items()[0]) {
			return now, compared
		}
		*held = input.Items()[1:]
	}
	return oracle.Value{}, done
}

func wrongElement(r *rand.Rand, p *pool, f string, _ oracle.Value) oracle.Value {
	if f != "read" && f != "dequeue" && f != "pop" && f != "delete-min" {
		return oracle.Value{}
	}
	return p.any(r)
}

func drawText(r *rand.Rand, p *pool) (string, oracle.Value) {
	switch f := pick(r, []string{"get", "get", "put", "append", "append"}); f {
	case "get":
		return f, oracle.NilValue()
	default:
		return f, p.text(r)
	}
}

func applyText(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
	now := oracle.TextValue("")
	if len(*held) > 0 {
		now = (*held)[0]
	}
	switch f {
	case "get":
		return now, done
	case "put":
		*held = []oracle.Value{input}
	case "append":
		*held = []oracle.Value{oracle.TextValue(now.Text() + input.Text())}
	}
	return oracle.Value{}, done
}

func wrongText(r *rand.Rand, p *pool, f string, _ oracle.Value) oracle.Value {
	if f != "get" {
		return oracle.Value{}
	}
	s := ""
	for range r.IntN(4) {
		s += p.text(r).Text()
	}
	return oracle.TextValue(s)
}

func drawSet(r *rand.Rand, p *pool) (string, oracle.Value) {
	if r.IntN(2) == 0 {
		return "read", oracle.NilValue()
	}
	return "add", p.next(r)
}

func applySet(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
	if f == "read" {
		return oracle.ListValue(*held...), done
	}
	if !slices.ContainsFunc(*held, input.Equal) {
		*held = append(slices.Clone(*held), input)
	}
	return oracle.Value{}, done
}

func wrongList(r *rand.Rand, p *pool, f string, _ oracle.Value) oracle.Value {
	if f != "read" {
		return oracle.Value{}
	}
	var elements []oracle.Value
	for range r.IntN(4) {
		if e := p.some(r); r.IntN(20) == 0 || !slices.ContainsFunc(elements, e.Equal) {
			elements = append(elements, e)
		}
	}
	return oracle.ListValue(elements...)
}

func drawQueue(in, out string) func(*rand.Rand, *pool) (string, oracle.Value) {
	return func(r *rand.Rand, p *pool) (string, oracle.Value) {
		if r.IntN(2) == 0 {
			return in, p.next(r)
		}
		return out, oracle.NilValue()
	}
}

func first(int) int    { return 0 }
func middle(n int) int { return n / 2 }
func last(n int) int   { return n - 1 }

func applyQueue(in string, at func(n int) int) func(*[]oracle.Value, string, oracle.Value) (oracle.Value, answer) {
	return func(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
		if f == in {
			*held = append(slices.Clone(*held), input)
			return oracle.Value{}, done
		}
		if len(*held) == 0 {
			return oracle.NilValue(), done
		}
		i := at(len(*held))
		out := (*held)[i]
		*held = slices.Delete(slices.Clone(*held), i, i+1)
		return out, done
	}
}

func applyPriorities(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
	least := func(int) int {
		at := 0
		for i, v := range *held {
			if v.Int() < (*held)[at].Int() {
				at = i
			}
		}
		return at
	}
	return applyQueue("insert", least)(held, f, input)
}

func drawCounter(r *rand.Rand, p *pool) (string, oracle.Value) {
	f := pick(r, p.counting)
	if f == "read" || f != "add" && r.IntN(2) == 0 {
		return f, oracle.NilValue()
	}
	return f, pick(r, p.steps)
}

func applyCounter(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
	now, by := 0, 1
	if len(*held) > 0 {
		now = (*held)[0].Int()
	}
	if input.Kind() == oracle.Int {
		by = input.Int()
	}
	switch f {
	case "read":
		return oracle.IntValue(now), done
	case "dec":
		by = -by
	}
	*held = []oracle.Value{oracle.IntValue(now + by)}
	return oracle.Value{}, done
}

func wrongCount(r *rand.Rand, p *pool, f string, _ oracle.Value) oracle.Value {
	if f != "read" {
		return oracle.Value{}
	}
	sum := 0
	for range r.IntN(4) {
		sum += pick(r, p.steps).Int()
	}
	return oracle.IntValue(sum)
}

func drawMutex(r *rand.Rand, _ *pool) (string, oracle.Value) {
	return pick(r, []string{"acquire", "release"}), oracle.NilValue()
}

func applyMutex(held *[]oracle.Value, f string, _ oracle.Value) (oracle.Value, answer) {
	if (f == "acquire") != (len(*held) == 0) {
		return oracle.Value{}, blocked
	}
	*held = nil
	if f == "acquire" {
		*held = []oracle.Value{oracle.NilValue()}
	}
	return oracle.Value{}, done
}

func wrongNothing(*rand.Rand, *pool, string, oracle.Value) oracle.Value { return oracle.Value{} }
