package weak

import (
	"fmt"

	"faultline/checker/txn/internal/wr"
)

// Violation is a cycle: each of its transactions must come before the next one, and the last before the first.
type Violation struct {
	Anomaly string
	Cycle   []Edge
}

// Edge says that one transaction comes before another one in every commit order, and why.
type Edge struct {
	From, To int32 // transactions; wr.Initial stands for the one that wrote all initial values
	Why      Why
	Key      int32 // what To read from From, or what both wrote; -1 where no key is the reason
	// Seen is how an overwritten value came to be read: it leads from From, through session order and write-read, to the transaction
	// that read Key from To and had seen From. Nil unless Why is Overwritten.
	Seen []int32
}

// Why is the reason for an edge.
type Why uint8

const (
	Session     Why = iota + 1 // both are of one session
	WriteRead                  // To read what From wrote
	Overwritten                // somebody who had seen From read Key from To: were From the later one, that would be a read of an old value
	Start                      // From is the initial state
)

var whyNames = [...]string{Session: "session", WriteRead: "wr", Overwritten: "ww", Start: "start"}

func (w Why) String() string {
	if w == 0 || int(w) >= len(whyNames) {
		return fmt.Sprintf("Why(%d)", uint8(w))
	}
	return whyNames[w]
}

// Reader is the transaction whose read is the reason for an Overwritten edge.
func (e *Edge) Reader() int32 { return e.Seen[len(e.Seen)-1] }

// The anomalies. The last three are patterns of Bouajjani, Enea, Guerraoui and Hamza (On Verifying Causal Consistency, POPL 2017).
const (
	CircularInformation        = "G1c"                // write-read alone has a cycle
	CircularInformationProcess = "G1c-process"        // write-read and session order have one
	NonMonotonicRead           = "non-monotonic-read" // a read of a value after one that overwrote it was observed, by one transaction
	NonRepeatableRead          = "non-repeatable-read"
	FracturedRead              = "fractured-read" // some writes of a transaction are seen, and others of it missed
	WriteCORead                = "WriteCORead"    // a read of what is known to be overwritten
	WriteCOInitRead            = "WriteCOInitRead"
	CyclicCF                   = "CyclicCF" // clients disagree on which of two writes came later
)

// name tells the weakest kind of thing that the cycle shows.
func (r *relation) name(cycle []Edge) string {
	session, monotonic, direct, overwritten := false, true, true, 0
	for i := range cycle {
		e := &cycle[i]
		switch e.Why {
		case Session:
			session = true
		case Overwritten:
			overwritten++
			monotonic = monotonic && r.readBefore(e)
			direct = direct && (len(e.Seen) == 2 || r.h.Session[e.From] == r.h.Session[e.Reader()])
		}
	}
	switch {
	case overwritten == 0 && session:
		return CircularInformationProcess
	case overwritten == 0:
		return CircularInformation
	case repeated(cycle):
		return NonRepeatableRead
	case monotonic:
		return NonMonotonicRead
	case direct:
		return FracturedRead
	case cycle[0].From == wr.Initial || cycle[0].To == wr.Initial:
		return WriteCOInitRead
	case overwritten == 1:
		return WriteCORead
	default:
		return CyclicCF
	}
}

// repeated tells whether a cycle is that one transaction read one key from two others.
func repeated(cycle []Edge) bool {
	if len(cycle) != 2 || cycle[0].Why != Overwritten || cycle[1].Why != Overwritten {
		return false
	}
	return cycle[0].Key == cycle[1].Key && cycle[0].Reader() == cycle[1].Reader()
}

// readBefore tells whether the reader read from e.From before it read e.Key from e.To.
func (r *relation) readBefore(e *Edge) bool {
	seen := false
	for _, x := range r.h.Of(e.Reader()) {
		if seen && x.Key == e.Key && x.From == e.To {
			return true
		}
		seen = seen || x.From == e.From
	}
	return false
}
