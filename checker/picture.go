package checker

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// picture draws the intervals of a few operations, a line each, in the order of their invocations. What
// is left of the other in the picture came before it; distances mean nothing.
//
//	process 0  write 1   |----|
//	process 1  write 2            |----|
//	process 7  read → 1                     |----|
//	process 3  write 4 (info)       |-------------…
func (o *object) picture() string {
	const step = 3
	var events []int32
	for i := range o.items {
		it := &o.items[i]
		if events = append(events, it.call); !it.pending {
			events = append(events, it.ret)
		}
	}
	slices.Sort(events)
	column := func(at int32) int {
		i, _ := slices.BinarySearch(events, at)
		return step * i
	}
	labels := make([]string, len(o.items))
	widest := 0
	for i := range o.items {
		op := o.op(i)
		labels[i] = fmt.Sprintf("process %d  %s", op.Process, o.text(i))
		widest = max(widest, utf8.RuneCountInString(labels[i]))
	}
	var b strings.Builder
	for i := range o.items {
		it := &o.items[i]
		begin, end := column(it.call), step*len(events)
		if !it.pending {
			end = column(it.ret)
		}
		b.WriteString(labels[i])
		b.WriteString(strings.Repeat(" ", widest-utf8.RuneCountInString(labels[i])+2+begin))
		b.WriteString("|" + strings.Repeat("-", end-begin-1))
		if it.pending {
			b.WriteString("…\n")
		} else {
			b.WriteString("|\n")
		}
	}
	return b.String()
}
