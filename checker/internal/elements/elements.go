// Package elements gives the values of a history small numbers, by which checkers count them.
package elements

import "faultline/history"

// Numbers numbers values from 0 on, in the order in which they are first seen. Equal values have one number. The zero value is ready.
type Numbers struct {
	values []history.Value
	small  []int32          // one more than the numbers of small integers, which workloads write; 0 for what was not seen
	ints   map[int64]int32  // of other integers
	others map[string]int32 // by their EDN
}

// Of is the number of a value.
func (n *Numbers) Of(v history.Value) int32 {
	i, isInt := v.Int()
	if !isInt {
		return numberOf(n, &n.others, string(v.AppendEDN(nil)), v)
	}
	if i >= 0 && i < int64(len(n.small)) && n.small[i] > 0 {
		return n.small[i] - 1
	}
	if _, known := n.ints[i]; !known && n.dense(i) {
		n.values = append(n.values, v)
		n.small[i] = int32(len(n.values))
		return n.small[i] - 1
	}
	return numberOf(n, &n.ints, i, v)
}

// dense makes room for an integer in small, unless most of that would be empty.
func (n *Numbers) dense(i int64) bool {
	const spare = 1 << 10
	if i < 0 || i >= int64(4*len(n.values)+spare) {
		return false
	}
	if missing := int(i) + 1 - len(n.small); missing > 0 {
		n.small = append(n.small, make([]int32, missing)...)
	}
	return true
}

func numberOf[K comparable](n *Numbers, known *map[K]int32, key K, v history.Value) int32 {
	if i, ok := (*known)[key]; ok {
		return i
	}
	if *known == nil {
		*known = map[K]int32{}
	}
	i := int32(len(n.values))
	n.values = append(n.values, v)
	(*known)[key] = i
	return i
}

// Value is the value of a number.
func (n *Numbers) Value(i int32) history.Value { return n.values[i] }

// Len is how many values were seen.
func (n *Numbers) Len() int { return len(n.values) }
