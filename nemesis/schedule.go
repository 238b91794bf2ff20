package nemesis

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Schedule is what is done to a system, and when, in order of time.
type Schedule []Event

// Event is one action at one time. Events come from Parse, Generate and Runner.Resolved; they can be
// left out of a Schedule and moved in time.
type Event struct {
	At     time.Duration // since the start of the test
	Action Action

	source *line // where it was read, for errors; nil if it was not
}

// Action is what an event does. Each verb of the language has one, in the verb's own file.
type Action interface {
	// String is the action as text, beginning with its verb.
	String() string

	// check refuses what certainly has no effect, given the states that the forecast holds possible, and
	// moves the forecast on to the states that are possible after the action.
	check(*forecast) error

	// carryOut does it and records it. The action returned is the part that had an effect, with nodes
	// for symbols; it is nil if nothing had.
	carryOut(*Runner) Action
}

// String is the schedule in its canonical form, which Parse reads back.
func (s Schedule) String() string {
	var b strings.Builder
	for _, e := range s {
		b.WriteString(e.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// String is the event as a line, without the newline.
func (e Event) String() string { return formatTime(e.At) + " " + e.Action.String() }

// formatTime writes a time in seconds, without loss and without the zeros at its end. It is the form in
// which Jepsen's plots and its users count; time.Duration's own would print 72.5s as 1m12.5s.
func formatTime(d time.Duration) string {
	s := strconv.FormatInt(int64(d/time.Second), 10)
	if tail := d % time.Second; tail != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%09d", int64(tail)), "0")
	}
	return s + "s"
}
