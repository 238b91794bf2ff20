package record

import (
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
	// Malformed are steps and operations that could not be understood. They are not among Steps.
	Malformed []Malformed
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

// Never is the position of an event that does not come.
const Never = math.MaxInt32

// Kind says what a step does.
type Kind uint8

const (
	Read    Kind = iota
	Write        // of a register, or an append to a list
	Scan         // a predicate read of all keys with a prefix; what it found follows as steps of kind Scanned
	Scanned      // a read of one key by the Scan before it: one that it found, or one with its prefix that it found absent
)

// Steps are the steps of all transactions, in columns. A write is named by its place here.
type Steps struct {
	Txn  []int32
	Kind []Kind
	Key  []int32 // in Keys; of a Scan the place of its prefix in Keys.Prefixes
	// Value is what was written, or what was read of a register, as an element of its key (see Keys.Value). Of a read of a list it is the length.
	// Of a Scan it is nothing.
	Value []Element
	// Saw is, for a read, the write that it saw: of a list, that of the last element. Initial, Unread, Garbage or Ambiguous if it is none. A
	// read of what a failed transaction wrote names that write.
	Saw []int32
}

// What a read saw if it was no write. The zero value of Saw is the write in step 0, so none of these is zero.
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

// Absent is the element of a register that was read as null.
const Absent Element = math.MaxInt64

// Lists are the versions of lists, as far as they were read. Key k has Longest[Base[k]:Base[k+1]], the longest list that was read of it, and
// behind that the elements that only reads saw which are no prefixes of it. A version is named by the place of its last element here.
type Lists struct {
	Base    []int32   // one more than there are keys
	Longest []Element // of all keys
	Writer  []int32   // the write of each element, as a step; Garbage or Ambiguous if there is no such
	// Length is how many elements the longest list of a key has. Agreed is up to which of them all reads of the key agree, and no element
	// comes twice: only so far is the order of versions known.
	Length, Agreed []int32
	// Aside are reads of lists that are no prefixes of the longest one, or have an element twice, in order of steps.
	Aside []Aside
}

// Aside is a read of a list that does not fit.
type Aside struct {
	Step     int32
	Elements []Element
	Common   int32 // how many elements it begins with that the longest list begins with too
	Twice    bool  // it has an element twice
}

// Malformed is a step, or a whole operation, that is not of the model.
type Malformed struct {
	Txn    int32
	Value  history.Value // the step; the argument of the operation if it is no list of steps
	Reason string        // what it is not, for people: `"cas" is no step of list-append`
}

// Duplicate is a value that is written twice to a key.
type Duplicate struct{ First, Again int32 } // steps

// Len is the number of transactions.
func (h *History) Len() int { return len(h.Process) }

// OfTxn are the first step of a transaction and the one behind its last.
func (h *History) OfTxn(t int32) (from, to int32) { return h.First[t], h.First[t+1] }

// AsideOf is the read in a step, if it is one of Lists.Aside.
func (l *Lists) AsideOf(step int32) (a *Aside, ok bool) {
	i, ok := sort.Find(len(l.Aside), func(i int) int { return int(step - l.Aside[i].Step) })
	if !ok {
		return nil, false
	}
	return &l.Aside[i], true
}
