package catalog

import (
	"fmt"

	"faultline/history"
)

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

// siblings recognizes writes of a value in place of a list of values, where reads return lists of such values.
func (g *Guesser) siblings() string {
	put, got := g.of("write").in, g.of("read").out
	if put.shape != aList || put.elements&aList == 0 || got.shape&^(aList|aSet) != 0 || got.elements == 0 || got.elements&^(put.elements&^aList) != 0 {
		return ""
	}
	return fmt.Sprintf("registers with siblings ([value [replaced …]]: write takes %s, read returns %s)", edn(put.first), edn(got.first))
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
