package graph

import "strings"

// Kind is the reason for which a transaction comes before another. The names are those of Adya's direct serialization graph (Weak
// Consistency, 1999, section 4.4) and of Elle (Kingsbury and Alvaro 2020).
type Kind uint8

const (
	WW          Kind = iota // the second installed the next version of a key after one that the first had installed
	WR                      // the second read what the first wrote
	RW                      // the second installed the next version of a key after the one that the first read: an anti-dependency
	RWPredicate             // the same, where the first read by a predicate
	Process                 // both are of one process, in this order
	Realtime                // the first had returned when the second was invoked
	kinds
)

var kindNames = [kinds]string{"ww", "wr", "rw", "rw by predicate", "process", "realtime"}

func (k Kind) String() string { return kindNames[k] }

// Kinds is a set of kinds.
type Kinds uint8

// KindsOf is the set of these.
func KindsOf(ks ...Kind) Kinds {
	var s Kinds
	for _, k := range ks {
		s |= 1 << k
	}
	return s
}

// Has reports whether a kind is in the set.
func (s Kinds) Has(k Kind) bool { return s&(1<<k) != 0 }

func (s Kinds) String() string {
	var names []string
	for k := range kinds {
		if s.Has(k) {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, ", ")
}
