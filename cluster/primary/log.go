package primary

import (
	"fmt"

	"faultline/cluster/sim/kv"
)

// entry is a command in the log, and the epoch of the primary that put it there. One without a command marks where an epoch
// begins.
type entry struct {
	Epoch   uint64     `json:"e"`
	Command kv.Command `json:"c,omitzero"`
}

// log holds the entries 1 and up. An epoch has one primary, which appends in one order. So two logs that have an entry of the
// same epoch at the same place are the same up to there.
type log []entry

// position is a place in a log: how many entries there are, and the epoch of the last.
type position struct {
	Length uint64 `json:"length"`
	Epoch  uint64 `json:"epoch"`
}

func (p position) String() string { return fmt.Sprintf("%d/%d", p.Length, p.Epoch) }

// beyond reports whether a log that ends at p has more than one that ends at q. A later epoch counts before the length.
func (p position) beyond(q position) bool {
	return p.Epoch > q.Epoch || p.Epoch == q.Epoch && p.Length > q.Length
}

// at is the position behind the first n entries.
func (l log) at(n uint64) position {
	if n == 0 {
		return position{}
	}
	return position{n, l[n-1].Epoch}
}

func (l log) length() uint64 { return uint64(len(l)) }

func (l log) end() position { return l.at(l.length()) }

// has reports whether the log has what another one has up to a position.
func (l log) has(p position) bool { return p.Length <= l.length() && l.at(p.Length) == p }

// shared is how many of the entries that follow the first n the log has.
func (l log) shared(n uint64, entries []entry) (same uint64) {
	for same < uint64(len(entries)) && l.has(position{n + same + 1, entries[same].Epoch}) {
		same++
	}
	return same
}

// batch is how many entries a message has at most.
const batch = 64

// after are the entries behind the first n, as many as a message takes.
func (l log) after(n uint64) []entry { return l[n:min(l.length(), n+batch)] }
