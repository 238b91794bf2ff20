// Package elements gives the values of a history small numbers, by which checkers count them.
package elements

import (
	"faultline/history"
	"faultline/internal/intmap"
)

// Numbers numbers values from 0 on, in the order in which they are first seen. Equal values have one number. The zero value is ready.
type Numbers struct {
	values []history.Value
	ints   intmap.Map
	others map[string]int32 // by their EDN
}

// Of is the number of a value.
func (n *Numbers) Of(v history.Value) int32 {
	next := int32(len(n.values))
	if i, isInt := v.Int(); isInt {
		if known, ok := n.ints.Get(i); ok {
			return known
		}
		n.ints.Set(i, next)
		n.values = append(n.values, v)
		return next
	}
	key := string(v.AppendEDN(nil))
	if known, ok := n.others[key]; ok {
		return known
	}
	if n.others == nil {
		n.others = map[string]int32{}
	}
	n.others[key] = next
	n.values = append(n.values, v)
	return next
}

// Value is the value of a number.
func (n *Numbers) Value(i int32) history.Value { return n.values[i] }

// Len is how many values were seen.
func (n *Numbers) Len() int { return len(n.values) }
