// Package history is the record of what clients of a store saw, and of what was done to the store
// meanwhile. It knows nothing about stores, faults or checkers.
//
// A history is a sequence of events in the order in which they happened. A process is one logical
// thread: it invokes an operation, and the next event of that process completes it as ok (it took
// effect), fail (it certainly did not) or info (nobody knows). After info a process never speaks
// again, because its operation may still take effect at any later time. The nemesis is a process
// too; its events are all info.
//
// Histories are written as JSON lines, by Writer, or as Jepsen's history.edn, by EDNWriter. Open reads
// both, and what Jepsen, Maelstrom, Knossos, elle-cli, porcupine, Plume, PolySI, IsoVista and AWDIT have recorded, compressed or not, and finds out
// which it is from the content; docs/formats.md describes the formats. Stream holds what was opened to the rules above,
// in memory that does not grow with the history, as long as its lines are in order (see Order).
//
// A history written and read back is the same, event for event, and equal histories have equal digests on every
// machine. What cannot be read is refused by an error that names the line: text that is not UTF-8, fields and keys
// that come twice, a last line that is cut off. Nothing is replaced or dropped to make a file readable, since two values
// that become equal hide what a checker looks for. Events must be in order of time, the invocations of a process must
// alternate with its completions, and a completion must not contradict its invocation; Pairing refuses what breaks these rules.
package history

import (
	"fmt"
	"strings"
	"time"
)

// Type says what an event tells of its operation. The names are Jepsen's.
type Type uint8

const (
	Invoke Type = iota + 1 // the operation begins
	OK                     // it took effect, some time since its invocation
	Fail                   // it did not take effect and never will
	Info                   // unknown: it may take effect later, or never
)

var typeNames = [...]string{Invoke: "invoke", OK: "ok", Fail: "fail", Info: "info"}

func (t Type) String() string {
	if t == 0 || int(t) >= len(typeNames) {
		return fmt.Sprintf("Type(%d)", uint8(t))
	}
	return typeNames[t]
}

// ParseType is the inverse of Type.String.
func ParseType(s string) (Type, error) {
	for t := Invoke; t <= Info; t++ {
		if typeNames[t] == s {
			return t, nil
		}
	}
	return 0, fmt.Errorf("event type %q is not one of invoke, ok, fail, info", s)
}

// Nemesis is the process number of the nemesis, which injects faults.
const Nemesis = -1

// Event is one line of a history.
type Event struct {
	Time    time.Duration // since the start of the test, in the world's time
	Process int           // 0 and up, or Nemesis
	Type    Type
	F       string // what is done: read, write, cas, …; for the nemesis the kind of fault
	Key     string // the object it is done to; empty where the workload has only one
	Value   Value  // argument when invoked; when completed the result, or the argument again (see contradiction.go)
	Node    string // the node that was asked, or that answered; empty if unknown
	Error   string // why it failed or is unknown; empty otherwise

	// LogIndex is the position the system itself claims for the operation, such as the index of its
	// log entry or of the state that a read saw; 0 if it claims none. A checker may use it as a hint
	// and must not use it as evidence.
	LogIndex uint64

	Final bool // marked as one of those at the end of a test, when replicas had time to agree: Maelstrom's :final?
}

// PreconditionFailed is the error of a conditional operation, such as a cas, that certainly did
// nothing because the store compared and found something else. The value of such a fail event, if it
// has one, is what was found: the operation has observed the store as a read does.
const PreconditionFailed = "precondition-failed"

// The errors of transactions that the store aborted since others were in their way. What is known of these follows behind a colon. Such a
// transaction was answered, as a cas is that found something else: its client may try again at once.
const (
	Deadlock           = "deadlock"            // others waited for it while it waited for them
	WriteConflict      = "write-conflict"      // another one committed a version first that it would have replaced
	DangerousStructure = "dangerous-structure" // with it others might not be serializable (Cahill, Röhm and Fekete 2008)
)

func conflicted(reason string) bool {
	name, _, _ := strings.Cut(reason, ":")
	return name == Deadlock || name == WriteConflict || name == DangerousStructure
}

// compared tells whether an error is PreconditionFailed or, as Maelstrom's clients have it, a vector that begins with it:
// [:precondition-failed "expected 1, but had 2"].
func compared(reason string) bool {
	rest, ok := strings.CutPrefix(reason, "[:"+PreconditionFailed)
	return reason == PreconditionFailed || ok && (rest[:min(1, len(rest))] == " " || rest == "]")
}
