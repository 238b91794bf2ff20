package generate

import (
	"math/rand/v2"

	"faultline/internal/audit/oracle"
)

var registerNames = []oracle.Value{oracle.OtherValue(":x"), oracle.OtherValue(":y"), oracle.OtherValue(":z")}

func drawRegisters(r *rand.Rand, p *pool) (string, oracle.Value) {
	if r.Float64() < p.maps {
		if r.IntN(2) == 0 {
			return "read", oracle.NilValue()
		}
		return "write", drawMap(r, p.next)
	}
	steps := make([]oracle.Value, 1+r.IntN(3))
	for i := range steps {
		if r.IntN(2) == 0 {
			steps[i] = oracle.ListValue(oracle.OtherValue(":r"), pick(r, registerNames), oracle.NilValue())
		} else {
			steps[i] = oracle.ListValue(oracle.OtherValue(":w"), pick(r, registerNames), p.next(r))
		}
	}
	return "txn", oracle.ListValue(steps...)
}

func drawMap(r *rand.Rand, value func(*rand.Rand) oracle.Value) oracle.Value {
	var entries []oracle.Value
	for _, name := range registerNames {
		if r.IntN(2) == 0 {
			entries = append(entries, name, value(r))
		}
	}
	if len(entries) == 0 {
		entries = append(entries, registerNames[0], value(r))
	}
	return oracle.MapValue(entries...)
}

// applyRegisters keeps the registers as a list of names and values in turn.
func applyRegisters(held *[]oracle.Value, f string, input oracle.Value) (oracle.Value, answer) {
	switch f {
	case "read":
		if len(*held) == 0 {
			return oracle.MapValue(registerNames[0], oracle.NilValue()), done
		}
		return oracle.MapValue(*held...), done
	case "write":
		for i := 0; i < len(input.Items()); i += 2 {
			*held = replaced(*held, input.Items()[i], input.Items()[i+1])
		}
		return oracle.Value{}, done
	}
	var told []oracle.Value
	for _, step := range input.Items() {
		kind, name, value := step.Items()[0], step.Items()[1], step.Items()[2]
		if kind.String() == ":r" {
			told = append(told, oracle.ListValue(kind, name, lookup(*held, name)))
			continue
		}
		*held = replaced(*held, name, value)
		told = append(told, step)
	}
	return oracle.ListValue(told...), done
}

func replaced(held []oracle.Value, name, value oracle.Value) []oracle.Value {
	changed := []oracle.Value{name, value}
	for i := 0; i < len(held); i += 2 {
		if !held[i].Equal(name) {
			changed = append(changed, held[i], held[i+1])
		}
	}
	return changed
}

func lookup(held []oracle.Value, name oracle.Value) oracle.Value {
	for i := 0; i < len(held); i += 2 {
		if held[i].Equal(name) {
			return held[i+1]
		}
	}
	return oracle.NilValue()
}

func wrongRegisters(r *rand.Rand, p *pool, f string, input oracle.Value) oracle.Value {
	switch f {
	case "read":
		return drawMap(r, p.any)
	case "write":
		return oracle.Value{}
	}
	var told []oracle.Value
	for _, step := range input.Items() {
		if step.Items()[0].String() == ":r" {
			step = oracle.ListValue(step.Items()[0], step.Items()[1], p.any(r))
		}
		told = append(told, step)
	}
	return oracle.ListValue(told...)
}
