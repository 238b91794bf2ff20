package datatypes

import (
	"slices"

	"faultline/cluster/logical"
)

// Dots is a set of updates: the first so many of each actor, and some beyond. A state has none beyond, unless a delta has come before
// another that it follows. The zero value is the empty set.
type Dots struct {
	Vector logical.Vector `json:"vector,omitempty"`
	Beyond []logical.Dot  `json:"beyond,omitempty"` // in ascending order
}

// DotsOf are those.
func DotsOf(dots ...logical.Dot) (d Dots) {
	d.add(dots)
	return d
}

// Includes reports whether an update is in the set.
func (d Dots) Includes(dot logical.Dot) bool {
	if d.Vector.Includes(dot) {
		return true
	}
	_, found := slices.BinarySearchFunc(d.Beyond, dot, logical.Dot.Compare)
	return found
}

// Contains reports whether all of another set is in this one.
func (d Dots) Contains(e Dots) bool {
	return d.Vector.Contains(e.Vector) && !slices.ContainsFunc(e.Beyond, func(dot logical.Dot) bool { return !d.Includes(dot) })
}

// Len is how many updates there are.
func (d Dots) Len() uint64 {
	n := uint64(len(d.Beyond))
	for _, first := range d.Vector {
		n += first
	}
	return n
}

// Merge adds all of another set.
func (d *Dots) Merge(e Dots) {
	if len(e.Vector) > 0 {
		d.Vector = d.Vector.Clone()
		d.Vector.Merge(e.Vector)
	}
	d.add(e.Beyond)
}

func (d *Dots) add(dots []logical.Dot) {
	beyond := slices.Concat(d.Beyond, dots)
	if len(beyond) == 0 {
		return
	}
	slices.SortFunc(beyond, logical.Dot.Compare)
	d.Vector = d.Vector.Clone()
	d.Beyond = slices.DeleteFunc(slices.Compact(beyond), func(dot logical.Dot) bool {
		if dot.N == d.Vector[dot.Node]+1 {
			d.Vector.Tick(dot.Node)
		}
		return d.Vector.Includes(dot)
	})
	if len(d.Beyond) == 0 {
		d.Beyond = nil
	}
}
