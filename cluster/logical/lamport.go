package logical

import (
	"cmp"
	"fmt"
)

// Lamport is the clock of a node that counts events (Lamport 1978). Its zero value is a clock before the first event.
type Lamport uint64

// Tick counts an event of the node itself, such as the sending of a message, and returns its time.
func (l *Lamport) Tick() Lamport {
	*l++
	return *l
}

// Receive counts the receipt of a message that was sent at a time, and returns its own time.
func (l *Lamport) Receive(sent Lamport) Lamport {
	*l = max(*l, sent)
	return l.Tick()
}

// Stamp is a time of a Lamport clock and the node that the clock is of. No two events have the same, and the order of stamps is
// a total one that extends the order of what happened before what.
type Stamp struct {
	Time Lamport `json:"time"`
	Node string  `json:"node"`
}

// Compare is negative if s is before t, positive if it is after, and 0 if they are the same.
func (s Stamp) Compare(t Stamp) int {
	return cmp.Or(cmp.Compare(s.Time, t.Time), cmp.Compare(s.Node, t.Node))
}

func (s Stamp) String() string { return fmt.Sprintf("%d@%s", s.Time, s.Node) }
