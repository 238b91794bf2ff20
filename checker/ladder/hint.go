package ladder

import (
	"faultline/checker"
	"faultline/history"
)

// initialHint is what keys would have to hold at first for a model to be kept that reads from thin air break, as EDN; empty if no such value is
// known: what those reads saw, if they agree and no failed operation was to write it.
func (c *check) initialHint(model string) (edn string) {
	if c.options.Initial.Given() || c.explaining == nil || c.explaining.Left() < explainLeast {
		return ""
	}
	c.explaining.Within(func() {
		v, ok := c.seenFromThinAir()
		if !ok {
			return
		}
		if c.begun == nil {
			o := c.options
			o.Initial, o.Timeout = checker.InitialValue(v), max(c.explaining.Left(), 1)
			c.begun = newCheck(c.all, o)
		}
		if c.begun.decide(model).Validity == checker.Valid {
			edn = string(v.AppendEDN(nil))
		}
	})
	return edn
}

// seenFromThinAir is the value that nothing wrote or, where there are keys, a map from keys to such values.
func (c *check) seenFromThinAir() (history.Value, bool) {
	seen := map[string]history.Value{}
	for i := range c.explaining.UpTo(len(c.ops)) {
		if c.ops[i].from != thinAir {
			continue
		}
		o := c.op(int32(i))
		v := o.Output
		if pair, ok := o.Input.List(); ok && o.F == "cas" && o.Outcome != history.Fail {
			v = pair[0]
		}
		if before, ok := seen[o.Key]; ok && !before.Equal(v) {
			return v, false
		}
		seen[o.Key] = v
	}
	for i := range c.explaining.UpTo(len(c.all)) {
		o := &c.all[i]
		if v, ok := seen[o.Key]; ok && o.Outcome == history.Fail && (o.F == "write" && o.Input.Equal(v) || o.F == "cas" && next(o).Equal(v)) {
			return v, false
		}
	}
	if v, ok := seen[""]; ok {
		return v, !checker.InitialValue(v).Named() // a map would be read as the values of keys
	}
	var entries [][2]history.Value
	for key, v := range seen {
		entries = append(entries, [2]history.Value{history.TextValue(key), v})
	}
	return history.MapValue(entries...), len(entries) > 0
}

// next is what a cas puts there; None if it does not say.
func next(cas *history.Operation) history.Value {
	if pair, ok := cas.Input.List(); ok && len(pair) == 2 {
		return pair[1]
	}
	return history.Value{}
}
