// Package drawn draws histories for the tests of checkers.
package drawn

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"faultline/history"
)

// Store is what operations are done to. It is right, or lies now and then.
type Store interface {
	// Invoke draws an operation: its function, key and argument, and whether it is final.
	Invoke(t *rapid.T) history.Operation
	// Apply has an operation take effect, once, and sets the output that it would be answered with.
	Apply(t *rapid.T, op *history.Operation)
}

// Operations draws a history of up to so many operations by up to four processes at once. Each operation takes effect somewhere between its
// two events; one that fails never does, and one that ends in info does so at once or never. Positions count events, and so do
// times, in seconds.
func Operations(t *rapid.T, most int, s Store) []history.Operation {
	var all []history.Operation
	open := make([]int, 4) // by process, one more than the place of its operation
	applied := map[int]bool{}
	apply := func(i int) {
		if !applied[i] {
			applied[i] = true
			s.Apply(t, &all[i])
		}
	}
	at := int32(0)
	process := int32(len(open)) // the next new one
	names := []int32{0, 1, 2, 3}
	for range rapid.IntRange(most, 4*most).Draw(t, "events") {
		p := rapid.IntRange(0, len(open)-1).Draw(t, "process")
		i := open[p] - 1
		switch {
		case i < 0 && len(all) < most:
			op := s.Invoke(t)
			op.Process, op.Outcome, op.Invoked, op.Returned, op.Invoke = names[p], history.Info, at, -1, time.Duration(at)*time.Second
			at++
			all = append(all, op)
			open[p] = len(all)
		case i < 0:
		case !applied[i] && rapid.Bool().Draw(t, "takes effect"):
			apply(i)
		default:
			op := &all[i]
			op.Outcome = rapid.SampledFrom([]history.Type{history.OK, history.OK, history.OK, history.OK, history.Fail, history.Info}).Draw(t, "outcome")
			if applied[i] && op.Outcome == history.Fail {
				op.Outcome = history.OK
			}
			if op.Outcome == history.OK {
				apply(i)
			} else {
				op.Output = history.Value{}
			}
			op.Returned, op.Return = at, time.Duration(at)*time.Second
			at++
			open[p] = 0
			if op.Outcome == history.Info {
				names[p] = process
				process++
			}
		}
	}
	for _, i := range open {
		if i > 0 {
			all[i-1].Output = history.Value{}
		}
	}
	return all
}

// Show is a history as text, for failures of tests.
func Show(all []history.Operation) string {
	var b strings.Builder
	for i := range all {
		op := &all[i]
		fmt.Fprintf(&b, "%d-%d  %d  %s %s %v  %v %v", op.Invoked, op.Returned, op.Process, op.F, op.Key, op.Input, op.Outcome, op.Output)
		if op.Final {
			b.WriteString(" final")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
