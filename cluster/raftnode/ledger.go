package raftnode

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/report"
)

// ledger holds what nodes of one cluster must never disagree on, and notes where they do: the safety properties
// of Raft (Ongaro and Ousterhout 2014, figure 3), watched from where raft meets its state machine and its log.
//
//   - Election safety: one leader a term.
//   - Log matching: an entry of one index and term is the same in all logs, and so is the term before it. By
//     induction then all that comes before is the same.
//   - State machine safety: at one index all nodes apply the same entry, and, which is our own affair, come to
//     the same result and the same state.
//
// Leader completeness needs no rule of its own: a leader without a committed entry would have another applied
// in its place. What the remains of a dead node do is no part of the cluster, and nothing of it is noted.
type ledger struct {
	mu      sync.Mutex
	start   time.Time
	members []string
	leaders map[uint64]string
	stored  map[position]storedEntry
	applied map[uint64]appliedEntry
	states  map[uint64]noted
	broken  []report.Violation
}

// member is a node by its position in members. What the ledger keeps of each entry has no pointers, so that a collection need not look
// into it: hours have millions of entries.
type member uint8

type position struct{ index, term uint64 }

type storedEntry struct {
	print  uint64
	before uint64 // the term of the entry before, 0 if that was not there
	member member
}

type appliedEntry struct {
	entry, result uint64
	member        member
}

type noted struct {
	print  uint64
	member member
}

func newLedger(start time.Time) *ledger {
	return &ledger{start: start, leaders: map[uint64]string{}, stored: map[position]storedEntry{},
		applied: map[uint64]appliedEntry{}, states: map[uint64]noted{}}
}

// member is the one of that name.
func (l *ledger) member(node string) member {
	i := slices.Index(l.members, node)
	if i < 0 {
		i = len(l.members)
		l.members = append(l.members, node)
	}
	return member(i)
}

func (m member) of(l *ledger) string { return l.members[m] }

// mostViolations is how many are noted; the first is the one that matters.
const mostViolations = 20

func (l *ledger) violated(node, rule, format string, args ...any) {
	if len(l.broken) < mostViolations {
		l.broken = append(l.broken, report.Violation{Time: time.Since(l.start), Node: node, Rule: rule, Text: fmt.Sprintf(format, args...)})
	}
}

// leads notes that a node became leader.
func (l *ledger) leads(node string, term uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if other, ok := l.leaders[term]; ok && other != node {
		l.violated(node, "election safety", "%s and %s both led in term %d", other, node, term)
		return
	}
	l.leaders[term] = node
}

// stores notes entries that a node wrote to its log, behind one of term before; 0 if it has none there.
func (l *ledger) stores(node string, before uint64, logs []*raft.Log) {
	l.mu.Lock()
	defer l.mu.Unlock()
	me := l.member(node)
	for _, e := range logs {
		at := position{e.Index, e.Term}
		known, ok := l.stored[at]
		mine := storedEntry{fingerprint(e), before, me}
		before = e.Term
		switch {
		case !ok:
			l.stored[at] = mine
		case known.print != mine.print:
			l.violated(node, "log matching", "entry %d of term %d is another in the log of %s than in that of %s", e.Index, e.Term, node, known.member.of(l))
		case known.before == 0:
			l.stored[at] = mine
		case mine.before != 0 && known.before != mine.before:
			l.violated(node, "log matching", "before entry %d of term %d, %s has one of term %d and %s one of term %d",
				e.Index, e.Term, known.member.of(l), known.before, node, mine.before)
		}
	}
}

// applies notes that a node applied an entry, and what came of it.
func (l *ledger) applies(node string, e *raft.Log, result uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	mine := appliedEntry{fingerprint(e), result, l.member(node)}
	known, ok := l.applied[e.Index]
	switch {
	case !ok:
		l.applied[e.Index] = mine
	case known.entry != mine.entry:
		l.violated(node, "state machine safety", "%s applied another entry at index %d than %s", node, e.Index, known.member.of(l))
	case known.result != mine.result:
		l.violated(node, "state machine safety", "%s came to another result of the entry at index %d than %s", node, e.Index, known.member.of(l))
	}
}

// reaches notes the state of a node's machine behind an index.
func (l *ledger) reaches(node string, index, state uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.states[index]
	switch {
	case !ok:
		l.states[index] = noted{state, l.member(node)}
	case known.print != state:
		l.violated(node, "state machine safety", "behind index %d, %s has another state than %s", index, node, known.member.of(l))
	}
}

// violations lists what was noted.
func (l *ledger) violations() []report.Violation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]report.Violation(nil), l.broken...)
}

// fingerprint is of what an entry says: its term, its kind and its data.
func fingerprint(e *raft.Log) uint64 { return mix(fold(e.Term^uint64(e.Type)<<56), e.Data) }

// Fingerprint is a hash of bytes, for what Parts compare.
func Fingerprint(b []byte) uint64 { return mix(0, b) }

// mix makes bytes part of a hash, eight at a time: it is called for each entry on each node, and more than once.
func mix(h uint64, b []byte) uint64 {
	h = fold(h ^ uint64(len(b)))
	for ; len(b) >= 8; b = b[8:] {
		h = fold(h ^ binary.LittleEndian.Uint64(b))
	}
	var rest [8]byte
	copy(rest[:], b)
	return fold(h ^ binary.LittleEndian.Uint64(rest[:]))
}

// fold is both halves of a product, as in wyhash. The addend keeps zero from being its own image.
func fold(x uint64) uint64 {
	high, low := bits.Mul64(x+0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return high ^ low
}
