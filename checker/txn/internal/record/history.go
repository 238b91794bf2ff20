package record

import (
	"iter"
	"math"
	"sort"

	"faultline/history"
)

// History is a history of transactions, in columns. Transaction t is operation t of the history, whatever it is, so that numbers of
// transactions are positions in []history.Operation. What is no transaction has no steps and is among Malformed.
type History struct {
	Model   Model
	Process []int32 // of each transaction
	Invoked []int32 // position of its invocation among the events; it grows with t
	// Returned is the position of its completion among the events; Never if it is not known to have ended: real time puts nothing after it.
	Returned []int32
	Outcome  []history.Type // OK, Fail or Info
	// First[t]:First[t+1] are the steps of transaction t, in program order. It has one element more than there are transactions.
	First []int32

	Steps Steps
	Keys  Keys
	// Lists are what was read of lists; empty for registers.
	Lists Lists
	// Malformed are steps and operations that could not be understood. They are not among Steps, nor are the reads of such a transaction.
	Malformed []Malformed
	// Obscure is whether one of these may have taken effect, so that what was read and nobody wrote may be from there.
	Obscure bool
	// Duplicates are writes of a value that an earlier step had written to the same key, in order of key and step. Nobody can tell which of
	// them a read saw, so reads of such a value have Saw == Ambiguous.
	Duplicates []Duplicate
	// Committed tells of each transaction whether it took effect: it is ok, or it is info and an ok transaction saw one of its writes.
	Committed []bool
}

// Model says what transactions are made of.
type Model uint8

const (
	ListAppend Model = iota // "r" and "append" of lists, and "scan"
	RWRegister              // "r" and "w" of registers, and "scan"
)

var modelNames = [...]string{ListAppend: "list-append", RWRegister: "rw-register"}

func (m Model) String() string { return modelNames[m] }

// Never is the position of an event that does not come.
const Never = math.MaxInt32

// Kind says what a step does.
type Kind uint8

const (
	Read    Kind = iota
	Write        // of a register, or an append to a list
	Scan         // a predicate read of all keys with a prefix; a Scanned follows for each key that it found
	Scanned      // a read of one key by the Scan before it
)

// IsRead reports whether a step of the kind reads one key. A Scan is none: what it found follows it, key by key.
func (k Kind) IsRead() bool { return k == Read || k == Scanned }

// Steps are the steps of all transactions, in columns. A write is named by its place here.
type Steps struct {
	Txn  []int32
	Kind []Kind
	Key  []int32 // in Keys; of a Scan the place of its prefix in Keys.Prefixes
	// Value is what was written, or what was read of a register, as an element of its key (see Keys.Value). Of a read of a list it is the
	// length, and of a Scan nothing.
	Value []Element
	// Saw is, for a read, the write that it saw, and of a list that of the last element; Initial, Unread, Garbage or Ambiguous if it is none.
	// A read of what a failed transaction wrote names that write. For an append it is where in Lists reads saw it, or Unread.
	// For a Scan it is Initial if the scan's answer is known and Unread otherwise.
	Saw []int32
}

// What a read saw if it was no write that is known.
const (
	Initial   = -1 - iota // nobody had written
	Unread                // unknown: the transaction is not ok, or its completion does not say
	Garbage               // what nobody wrote
	Ambiguous             // what several steps wrote
)

// Element is a value of a key: an integer stands for itself, what else there is for its number among the values of the key, from Other up.
type Element int64

// Other is the least element that is not an integer of the history.
const Other Element = 1 << 62

// Absent is the element of a register that was read, or written, as null.
const Absent Element = math.MaxInt64

// Lists are the versions of lists, as far as they were read. Key k has Elements[Base[k]:Base[k+1]]: the longest list that was read of it,
// the least of them if there are several, and behind that the elements that were only read in lists that are no prefixes of it. A place
// is an index into Elements; it stands for the version whose last element is there.
type Lists struct {
	Base     []int32 // one more than there are keys
	Elements []Element
	Writer   []int32 // the write of each element, as a step; Garbage or Ambiguous if there is none that is known
	Length   []int32 // how long the longest list of each key is
	// Agreed is up to which length all reads of a key agree, no element comes twice and none has several writers: so far is the order of its
	// versions known.
	Agreed []int32
	// Aside are the reads of lists that are no prefixes of the longest one, in order of steps.
	Aside []Aside
}

// Aside is a read of a list that does not fit the longest one.
type Aside struct {
	Step     int32
	Elements []Element
	Common   int32 // up to which length it agrees with the longest list
}

// Malformed is a step, or a whole operation, that is not of the model.
type Malformed struct {
	Txn    int32
	Value  history.Value // the step; the argument or the answer of the operation if that is no list of steps
	Reason string        // for people: `"cas" is no step of list-append`
}

// Duplicate is a value that is written twice to a key.
type Duplicate struct{ First, Again int32 } // steps

// Len is the number of transactions.
func (h *History) Len() int { return len(h.Process) }

// Aborted reports whether a step belongs to a transaction that certainly took no effect.
func (h *History) Aborted(step int32) bool { return h.Outcome[h.Steps.Txn[step]] == history.Fail }

// Finals tells of each step whether it is the last write of its transaction to its key.
func (h *History) Finals() []bool {
	final := make([]bool, len(h.Steps.Txn))
	later := make([]int32, h.Keys.Len()) // one more than the transaction whose write of each key was found last
	for step := len(final) - 1; step >= 0; step-- {
		if h.Steps.Kind[step] != Write {
			continue
		}
		key, t := h.Steps.Key[step], h.Steps.Txn[step]+1
		final[step] = later[key] != t
		later[key] = t
	}
	return final
}

// ListOf is what a step read of a list.
func (h *History) ListOf(step int32) []Element {
	if a, ok := h.Lists.AsideOf(step); ok {
		return a.Elements
	}
	from := h.Lists.Base[h.Steps.Key[step]]
	return h.Lists.Elements[from : from+int32(h.Steps.Value[step])]
}

// AsideOf is the read in a step, if it is one of Lists.Aside.
func (l *Lists) AsideOf(step int32) (a *Aside, ok bool) {
	i, ok := sort.Find(len(l.Aside), func(i int) int { return int(step - l.Aside[i].Step) })
	if !ok {
		return nil, false
	}
	return &l.Aside[i], true
}

// Found are the steps of kind Scanned that belong to a scan.
func (h *History) Found(scan int32) []int32 {
	var steps []int32
	for step := scan + 1; int(step) < len(h.Steps.Kind) && h.Steps.Kind[step] == Scanned; step++ {
		steps = append(steps, step)
	}
	return steps
}

// Absent goes through the keys that a scan did not find, though they begin with its prefix and stand somewhere in the history. There are none
// if its answer is not known.
func (h *History) Absent(scan int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if h.Steps.Saw[scan] == Unread {
			return
		}
		found := map[int32]bool{}
		for _, step := range h.Found(scan) {
			found[h.Steps.Key[step]] = true
		}
		for _, key := range h.Keys.Under[h.Steps.Key[scan]] {
			if !found[key] && !yield(key) {
				return
			}
		}
	}
}
