package checker

import "faultline/history"

// values numbers the values of a register from 0, which is null, in order of appearance: a state that
// is a small integer costs a search nothing to store and to compare.
type values struct {
	all    []history.Value
	ints   map[int64]int32
	others map[string]int32 // by their JSON, of which each value has one
}

func newValues() values {
	v := values{ints: map[int64]int32{}, others: map[string]int32{}}
	v.number(history.NilValue())
	return v
}

func (v *values) number(value history.Value) int32 {
	next := int32(len(v.all))
	if n, ok := value.Int(); ok {
		if known, ok := v.ints[n]; ok {
			return known
		}
		v.ints[n] = next
	} else {
		json := value.String()
		if known, ok := v.others[json]; ok {
			return known
		}
		v.others[json] = next
	}
	v.all = append(v.all, value)
	return next
}
