package crdt

import (
	"cmp"
	"slices"

	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// position is where a character is in Logoot (Weiss, Urso and Molli 2009): a number between those of its neighbours, whose digits also have the name
// of who chose them. Positions are dense, so that there is always one in between.
type position []digit

type digit struct {
	value int
	logical.Dot
}

// base is that of the numbers.
const base = 1 << 16

// between is the position half way between two. The nil position comes before all, and also stands for the end.
func between(left, right position, dot logical.Dot) (p position) {
	for i := 0; ; i++ {
		low, high := digit{}, digit{value: base}
		if i < len(left) {
			low = left[i]
		}
		if i < len(right) {
			high = right[i]
		}
		if high.value-low.value > 1 {
			return append(p, digit{low.value + (high.value-low.value)/2, dot})
		}
		if low != high {
			right = nil // it bounds the digits that follow no more
		}
		p = append(p, low)
	}
}

func (d digit) compare(e digit) int {
	return cmp.Or(cmp.Compare(d.value, e.value), d.Dot.Compare(e.Dot))
}

// interleaved reads texts in the order of such positions. A character is in front of the one that the client has named, as there are no origins.
func interleaved(r *replica) {
	r.delta = func(o *datatypes.Object, u datatypes.Update) (*datatypes.Object, error) {
		delta, err := o.Delta(u)
		if err != nil || o.Type != ops.Text || u.F != ops.Insert {
			return delta, err
		}
		span := delta.Content.(*datatypes.Text).Spans()[0]
		span.Right = logical.Dot{}
		if neighbours, _ := u.Argument.List(); neighbours[1].Kind() == history.Text {
			name, _ := neighbours[1].Text()
			if span.Right, err = logical.ParseDot(name); err != nil {
				return nil, err
			}
		}
		text := datatypes.NewText()
		text.Take(span)
		return &datatypes.Object{Type: o.Type, Seen: delta.Seen, Content: text}, nil
	}
	r.value = func(o *datatypes.Object) history.Value {
		text, ok := o.Content.(*datatypes.Text)
		if !ok {
			return o.Value()
		}
		return byPositions(text)
	}
}

// byPositions are the names of the characters of a text in the order of their positions.
func byPositions(text *datatypes.Text) history.Value {
	spans := map[logical.Dot]datatypes.Span{}
	var there []logical.Dot
	for _, s := range text.Spans() {
		spans[s.Dot] = s
		if !text.Deleted(s.Dot) {
			there = append(there, s.Dot)
		}
	}
	known := map[logical.Dot]position{{}: nil}
	var of func(dot logical.Dot) position
	of = func(dot logical.Dot) position {
		if _, done := known[dot]; !done {
			known[dot] = between(of(spans[dot].Left), of(spans[dot].Right), dot)
		}
		return known[dot]
	}
	slices.SortFunc(there, func(a, b logical.Dot) int { return slices.CompareFunc(of(a), of(b), digit.compare) })
	var names []history.Value
	for _, dot := range there {
		names = append(names, history.TextValue(dot.String()))
	}
	return history.ListValue(names...)
}
