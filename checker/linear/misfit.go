package linear

import (
	"fmt"
	"slices"

	"faultline/history"
)

// looksLike is what the operations are those of, if that is known and there is no model of it.
func (g *Guesser) looksLike() string {
	used := func(f string) bool { return slices.Contains(g.functions(), f) }
	steps := steps(0)
	for i := range g.uses {
		steps |= g.uses[i].in.steps | g.uses[i].out.steps
	}
	switch {
	case used("transfer"):
		return "a bank (transfer, and reads of all balances)"
	case used("send") || used("poll") || steps&(stepsSend|stepsPoll) != 0:
		return "a log with producers and consumers, as Kafka's (send and poll)"
	case steps&stepsAppend != 0:
		return "transactions that append to lists and read them (Elle's list-append)"
	case used("generate"):
		return "a generator of unique ids (generate)"
	case g.versioned() != "":
		return g.versioned()
	case g.fenced() != "":
		return g.fenced()
	case g.reentered != nil:
		return fmt.Sprintf("a reentrant lock (process %d acquires at %v what it has)", g.reentered.Process, g.reentered.Invoke)
	case g.of("write").f != "" && g.tellsAllWritten():
		return fmt.Sprintf("a table of rows (write adds one, and a read such as %s returns all)", edn(g.of("read").out.first))
	default:
		return ""
	}
}

// versioned recognizes registers whose values carry a version that the store gives them. A version that is written is part of the value.
func (g *Guesser) versioned() string {
	written := g.of("write").in.version
	for _, f := range [...]string{"write", "cas", "read"} {
		switch u := g.of(f); {
		case f == "write" && u.in.versioned, f == "cas" && u.in.versionedPair:
			return fmt.Sprintf("a versioned register ([version value], as in Jepsen's etcd test: %s takes %s)", f, edn(u.in.first))
		case !written && (u.out.version || u.cas.version):
			return fmt.Sprintf("a versioned register (values that are maps with a version: %s has %s)", f, edn(value(u)))
		}
	}
	return ""
}

// value is one that shows what a function deals with.
func value(u use) history.Value {
	if u.out.first.Kind() != history.None {
		return u.out.first
	}
	return u.in.first
}

// fenced recognizes locks that hand out tokens.
func (g *Guesser) fenced() string {
	if u := g.of("acquire"); u.told.Kind() != history.None && u.out.shape&(aMap|anInteger) != 0 {
		return fmt.Sprintf("a lock with fencing tokens (acquire returns %s)", edn(u.told))
	}
	return ""
}

// tellsAllWritten reports whether reads return sets or lists of values of the shapes that are written.
func (g *Guesser) tellsAllWritten() bool {
	put, out := g.of("write").in, g.of("read").out
	return put.shape != 0 && out.shape != 0 && out.shape&^(aList|aSet) == 0 && put.shape&out.shape == 0 && put.shape&out.elements != 0 && out.steps == 0
}

// Fits refuses a model if the values of the operations cannot be those of its objects, see Guesser.
func (g *Guesser) Fits(m Model) error {
	if m.registers {
		if like := g.versioned(); like != "" {
			return fmt.Errorf("the operations look like those of %s, and not of a %s", like, m.name)
		}
	}
	put, got := g.exchanged(m)
	if m.initial.Given() || put == 0 || got == 0 || put&got != 0 {
		return nil
	}
	if m.registers && g.tellsAllWritten() {
		return fmt.Errorf("the values are not those of a %s: what is written are %v, and reads return %v of them, such as %s", m.name, put, got, edn(g.of("read").out.first))
	}
	return fmt.Errorf("the values are not those of a %s: what is written are %v, and what comes back are %v", m.name, put, got)
}

// exchanged are the shapes of what operations put into the objects of a model, and of what they got out of them.
func (g *Guesser) exchanged(m Model) (put, got shapes) {
	switch m.name {
	case "register", "cas-register":
		return g.of("write").in.shape | g.of("cas").cas.shape, g.of("read").out.shape
	case "kv":
		return g.of("put").in.shape | g.of("append").in.shape, g.of("get").out.shape
	case "set":
		return g.of("add").in.shape, g.of("read").out.elements
	case "fifo-queue", "unordered-queue":
		return g.of("enqueue").in.shape, g.of("dequeue").out.shape | g.of("drain").out.elements
	case "stack":
		return g.of("push").in.shape, g.of("pop").out.shape
	case "multi-register":
		for i := range g.uses {
			u := &g.uses[i]
			put |= u.in.put
			got |= u.out.got
		}
		return put | g.of("write").in.entries, got | g.of("read").out.entries
	default:
		return 0, 0
	}
}
