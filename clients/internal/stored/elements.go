package stored

import (
	"cmp"
	"slices"

	"faultline/history"
)

// Elements is what a set has as the value of a read: numbers in ascending order, and then what else there is.
func Elements(found []history.Value) history.Value {
	slices.SortFunc(found, func(a, b history.Value) int {
		m, first := a.Int()
		n, second := b.Int()
		switch {
		case first && second:
			return cmp.Compare(m, n)
		case first:
			return -1
		case second:
			return 1
		default:
			return cmp.Compare(a.String(), b.String())
		}
	})
	return history.ListValue(found...)
}
