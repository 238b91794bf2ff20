package checker

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Interval is an operation in a picture.
type Interval struct {
	Label     string
	Invoked   int32
	Returned  int32 // of one that may take effect until the end it does not matter
	UntilEver bool  // it may take effect until the end
}

// Picture draws the intervals of a few operations, a line each, in their order. What is left of the other in the picture
// came before it; distances mean nothing.
//
//	process 0  write 1   |----|
//	process 1  write 2            |----|
//	process 7  read → 1                     |----|
//	process 3  write 4 (info)       |-------------…
func Picture(intervals []Interval) string {
	const step = 3
	var events []int32
	widest := 0
	for _, i := range intervals {
		if events = append(events, i.Invoked); !i.UntilEver {
			events = append(events, i.Returned)
		}
		widest = max(widest, utf8.RuneCountInString(i.Label))
	}
	slices.Sort(events)
	column := func(at int32) int {
		i, _ := slices.BinarySearch(events, at)
		return step * i
	}
	var b strings.Builder
	for _, i := range intervals {
		begin, end := column(i.Invoked), step*len(events)
		if !i.UntilEver {
			end = column(i.Returned)
		}
		b.WriteString(i.Label)
		b.WriteString(strings.Repeat(" ", widest-utf8.RuneCountInString(i.Label)+2+begin))
		b.WriteString("|" + strings.Repeat("-", end-begin-1))
		if i.UntilEver {
			b.WriteString("…\n")
		} else {
			b.WriteString("|\n")
		}
	}
	return b.String()
}
