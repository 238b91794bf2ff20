package oracle

import "math/big"

// addition is what an operation adds to a counter; nil if it adds nothing, false if that is no number.
func addition(op *Operation) (*big.Int, bool) {
	if op.F == "read" {
		return nil, true
	}
	by := big.NewInt(1)
	switch {
	case op.Input.kind == Int:
		by = number(op.Input.canon)
		if by.CmpAbs(big.NewInt(1<<31-1)) > 0 {
			return nil, false
		}
	case op.F == "add" || op.Input.kind > Nil:
		return nil, false
	}
	if op.F == "dec" {
		by.Neg(by)
	}
	return by, true
}

// sound reports whether all numbers are numbers; without that a counter is unknown.
func (o object) sound() bool {
	for _, op := range o.ops {
		if _, ok := addition(&op); !ok || op.F == "read" && op.Outcome == OK && op.Output.kind != Int {
			return false
		}
	}
	return true
}

func counterBounds(o object, j *Judgement) {
	if !o.sound() {
		j.Undecided = true
		return
	}
	for _, read := range o.answered("read") {
		j.told = true
		low, high := new(big.Int), new(big.Int)
		for _, op := range o.ops {
			by, _ := addition(&op)
			if by == nil || op.Outcome == Fail || op.Invoked > read.Returned {
				continue
			}
			before := op.Outcome == OK && op.Returned < read.Invoked
			if before || by.Sign() < 0 {
				low.Add(low, by)
			}
			if before || by.Sign() > 0 {
				high.Add(high, by)
			}
		}
		told := number(read.Output.canon)
		j.broke("out-of-bounds", o.key, told.Cmp(low) < 0 || told.Cmp(high) > 0)
	}
}

// finalSums tries every set of additions that a final read may have seen.
func finalSums(grows bool) func(o object, j *Judgement) {
	return func(o object, j *Judgement) {
		if !o.sound() || grows && o.shrinks() {
			j.Undecided = true
			return
		}
		final := false
		for _, read := range o.answered("read") {
			if !o.final(&read) {
				continue
			}
			final, j.told = true, true
			sum, open := new(big.Int), []*big.Int(nil)
			for _, op := range o.ops {
				by, _ := addition(&op)
				if by == nil || op.Outcome == Fail || op.Invoked > read.Returned {
					continue
				}
				if op.Outcome == OK && op.Returned < o.phase() {
					sum.Add(sum, by)
				} else {
					open = append(open, by)
				}
			}
			j.broke("wrong-total", o.key, !sumsTo(sum, open, number(read.Output.canon)))
		}
		j.Undecided = j.Undecided || !final
	}
}

func (o object) shrinks() bool {
	for _, op := range o.ops {
		if by, _ := addition(&op); by != nil && by.Sign() < 0 && op.Outcome != Fail {
			return true
		}
	}
	return false
}

// sumsTo reports whether a sum, with some of what is open, is a number.
func sumsTo(sum *big.Int, open []*big.Int, want *big.Int) bool {
	for subset := range 1 << len(open) {
		total := new(big.Int).Set(sum)
		for i, by := range open {
			if subset>>i&1 == 1 {
				total.Add(total, by)
			}
		}
		if total.Cmp(want) == 0 {
			return true
		}
	}
	return false
}

// field is the entry of a map under a name, which may be a keyword or a text.
func field(v Value, name string) Value {
	for i := 0; i+1 < len(v.items); i += 2 {
		if c := v.items[i].canon; c == ":"+name || c == `"`+name+`"` {
			return v.items[i+1]
		}
	}
	return Value{}
}

// balances are what a read of a bank found.
type balances struct {
	Operation
	sum                         *big.Int
	null, negative, nonsensical bool
}

func (o object) balances() []balances {
	var all []balances
	for _, read := range o.answered("read") {
		b := balances{Operation: read, sum: new(big.Int), nonsensical: read.Output.kind != Map}
		for i := 1; read.Output.kind == Map && i < len(read.Output.items); i += 2 {
			switch v := read.Output.items[i]; v.kind {
			case Nil:
				b.null = true
			case Int:
				b.sum.Add(b.sum, number(v.canon))
				b.negative = b.negative || number(v.canon).Sign() < 0
			default:
				b.nonsensical = true
			}
		}
		all = append(all, b)
	}
	return all
}

// bank holds reads to a total that is given, or is what was deposited, or is what the read found that returned first, of those that
// have all balances if there are such.
func bank(total *int64, overdrawn bool) func(o object, j *Judgement) {
	return func(o object, j *Judgement) {
		reads := o.balances()
		var first *balances
		for i := range reads {
			j.Unclear = j.Unclear || reads[i].nonsensical
			if first == nil || first.null && !reads[i].null || first.null == reads[i].null && reads[i].Returned < first.Returned {
				first = &reads[i]
			}
		}
		j.told = j.told || first != nil
		if j.Unclear {
			return
		}
		for _, read := range reads {
			j.broke("nil-balance", o.key, read.null)
			j.broke("negative-value", o.key, read.negative && !overdrawn)
			for i := 0; i < len(read.Output.items); i += 2 {
				j.broke("unexpected-key", o.key, !o.named(read.Output.items[i], first))
			}
			j.broke("wrong-total", o.key, !read.null && !o.adds(&read, total, first))
		}
	}
}

func (o object) deposits() bool {
	for _, op := range o.ops {
		if op.F == "deposit" && op.Outcome != Fail {
			return true
		}
	}
	return false
}

func (o object) named(account Value, first *balances) bool {
	for _, op := range o.ops {
		if op.F != "read" && (field(op.Input, "to").Equal(account) || field(op.Input, "from").Equal(account)) {
			return true
		}
	}
	for i := 0; i < len(first.Output.items) && !o.deposits(); i += 2 {
		if first.Output.items[i].Equal(account) {
			return true
		}
	}
	return false
}

// adds reports whether the balances of a read add up to a total that is possible.
func (o object) adds(read *balances, total *int64, first *balances) bool {
	switch {
	case total != nil:
		return read.sum.Cmp(big.NewInt(*total)) == 0
	case !o.deposits():
		return read.sum.Cmp(first.sum) == 0
	}
	sum, open := new(big.Int), []*big.Int(nil)
	for _, op := range o.ops {
		switch amount := field(op.Input, "amount"); {
		case op.F != "deposit" || op.Outcome == Fail || op.Invoked > read.Returned:
		case op.Outcome == OK && op.Returned < read.Invoked:
			sum.Add(sum, number(amount.canon))
		default:
			open = append(open, number(amount.canon))
		}
	}
	return sumsTo(sum, open, read.sum)
}
