package generate

import (
	"math/rand/v2"

	"faultline/internal/audit/oracle"
)

// newBank moves money between a few accounts. There is money in the first one from the beginning, or what is there is deposited.
func newBank(g *run) service {
	deposits, tears, overdraws, forgets := g.r.IntN(2) == 0, drawFlaw(g.r), drawFlaw(g.r), drawFlaw(g.r)
	banks, torn := map[string]map[int]int{}, map[string]map[int]int{}
	accounts := 2 + g.r.IntN(2)
	functions := pick(g.r, [][]string{{"transfer", "read"}, {"transfer", "read", "read"}})
	if deposits {
		functions = append(functions, "deposit")
	}
	show := func(bank map[int]int) oracle.Value {
		var entries []oracle.Value
		for account := range accounts {
			if n := bank[account]; n != 0 || g.r.IntN(3) > 0 {
				entries = append(entries, oracle.IntValue(account), oracle.IntValue(n))
			}
		}
		return oracle.MapValue(entries...)
	}
	return service{
		draw: func(r *rand.Rand, _ *pool) (string, oracle.Value) {
			f := pick(r, functions)
			entries := []oracle.Value{oracle.TextValue("to"), oracle.IntValue(r.IntN(accounts)), oracle.TextValue("amount"), oracle.IntValue(1 + r.IntN(5))}
			switch f {
			case "read":
				return f, oracle.NilValue()
			case "transfer":
				entries = append(entries, oracle.TextValue("from"), oracle.IntValue(r.IntN(accounts)))
			}
			return f, oracle.MapValue(entries...)
		},
		do: func(c *call) (oracle.Value, answer) {
			bank := banks[c.key]
			if bank == nil {
				bank, torn[c.key] = map[int]int{}, map[int]int{}
				banks[c.key] = bank
				if !deposits {
					bank[0], torn[c.key][0] = 10, 10
				}
			}
			if c.f == "read" {
				if tears.happens(g.r) {
					return show(torn[c.key]), done
				}
				return show(bank), done
			}
			in := payment(c.input)
			if c.f == "transfer" {
				if bank[in.from] < in.amount && !overdraws.happens(g.r) {
					return oracle.Value{}, blocked
				}
				bank[in.from] -= in.amount
			}
			copyTo(torn[c.key], bank)
			if !forgets.happens(g.r) {
				bank[in.to] += in.amount
			}
			return oracle.Value{}, done
		},
		wrong: func(r *rand.Rand, _ *pool, f string, _ oracle.Value) oracle.Value {
			if f != "read" {
				return oracle.Value{}
			}
			var entries []oracle.Value
			for account := range 2 + r.IntN(3) {
				amount := oracle.IntValue(r.IntN(12) - 1)
				if r.IntN(10) == 0 {
					amount = oracle.NilValue()
				}
				entries = append(entries, oracle.IntValue(account), amount)
			}
			return oracle.MapValue(entries...)
		},
	}
}

func copyTo(to, from map[int]int) {
	for k, v := range from {
		to[k] = v
	}
}

// moved is what a transfer or a deposit moves.
type moved struct{ from, to, amount int }

func payment(v oracle.Value) moved {
	var m moved
	for i := 0; i < len(v.Items()); i += 2 {
		n := v.Items()[i+1].Int()
		switch v.Items()[i].Text() {
		case "from":
			m.from = n
		case "to":
			m.to = n
		default:
			m.amount = n
		}
	}
	return m
}
