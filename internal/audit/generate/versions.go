package generate

import (
	"math/rand/v2"

	"faultline/internal/audit/oracle"
)

// newVersions are registers that number their values. Some lose a write, and some answer reads from an earlier version.
func newVersions(g *run) service {
	forgets, lags := drawFlaw(g.r), drawFlaw(g.r)
	form := versionForm{maps: g.r.IntN(2) == 0}
	held := map[string][]oracle.Value{} // by version
	return service{
		draw: func(r *rand.Rand, _ *pool) (string, oracle.Value) { return form.draw(r) },
		do: func(c *call) (oracle.Value, answer) {
			if held[c.key] == nil {
				held[c.key] = []oracle.Value{oracle.NilValue()}
			}
			all := held[c.key]
			at := len(all) - 1
			if c.f == "read" {
				if lags.happens(g.r) {
					at = g.r.IntN(len(all))
				}
				return form.answer(at, all[at]), done
			}
			next := form.argument(c.input)
			if c.f == "cas" {
				if !form.expects(next.Items()[0], at, all[at]) {
					return oracle.Value{}, compared
				}
				next = next.Items()[1]
			}
			if !forgets.happens(g.r) {
				held[c.key] = append(all, next)
			}
			return form.answer(at+1, form.argument(c.input)), done
		},
		wrong: func(r *rand.Rand, _ *pool, f string, input oracle.Value) oracle.Value {
			switch {
			case f != "read":
				return form.answer(r.IntN(4), form.argument(input))
			case r.IntN(4) == 0:
				return form.spell(oracle.NilValue(), oracle.NilValue())
			default:
				return form.answer(r.IntN(4), drawVersioned(r))
			}
		},
	}
}

// versionForm is how versions are spelled: as maps, or as [version value].
type versionForm struct{ maps bool }

func (f versionForm) spell(version, value oracle.Value) oracle.Value {
	if f.maps {
		return oracle.MapValue(oracle.OtherValue(":value"), value, oracle.OtherValue(":version"), version)
	}
	return oracle.ListValue(version, value)
}

func (f versionForm) answer(version int, value oracle.Value) oracle.Value {
	return f.spell(oracle.IntValue(version), value)
}

// argument is what an operation was given.
func (f versionForm) argument(input oracle.Value) oracle.Value {
	if f.maps {
		return input
	}
	return input.Items()[1]
}

func (f versionForm) draw(r *rand.Rand) (string, oracle.Value) {
	switch name := pick(r, []string{"read", "read", "write", "cas"}); {
	case name == "read" && f.maps:
		return name, oracle.NilValue()
	case name == "read":
		return name, f.spell(oracle.NilValue(), oracle.NilValue())
	case name == "write" && f.maps:
		return name, pick(r, integers[:3])
	case name == "write":
		return name, f.spell(oracle.NilValue(), pick(r, integers[:3]))
	case f.maps && r.IntN(2) == 0: // by value alone
		return name, oracle.ListValue(pick(r, integers[:3]), pick(r, integers[:3]))
	case f.maps:
		return name, oracle.ListValue(f.answer(r.IntN(4), drawVersioned(r)), pick(r, integers[:3]))
	default:
		return name, f.spell(oracle.NilValue(), oracle.ListValue(drawVersioned(r), pick(r, integers[:3])))
	}
}

// expects reports whether a cas finds what it expects.
func (f versionForm) expects(old oracle.Value, version int, value oracle.Value) bool {
	return old.Equal(value) || old.Equal(f.answer(version, value))
}

// drawVersioned is a value that a register may hold.
func drawVersioned(r *rand.Rand) oracle.Value {
	return pick(r, []oracle.Value{oracle.NilValue(), integers[0], integers[1], integers[2]})
}
