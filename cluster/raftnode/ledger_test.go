package raftnode

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/raft"
)

func entry(index, term uint64, data string) *raft.Log {
	return &raft.Log{Index: index, Term: term, Data: []byte(data)}
}

// Each step is what some node did; the last one breaks the rule, if one is named.
func TestTheLedgerNotesWhatBreaksARule(t *testing.T) {
	for _, test := range []struct {
		name, rule string
		steps      func(l *ledger)
	}{
		{"one leader a term", "", func(l *ledger) {
			l.leads("n1", 1)
			l.leads("n2", 2)
			l.leads("n2", 2)
			l.leads("n1", 3)
		}},
		{"two leaders in a term", "election safety", func(l *ledger) {
			l.leads("n1", 1)
			l.leads("n2", 1)
		}},
		{"an uncommitted entry is replaced by one of a later term", "", func(l *ledger) {
			l.stores("n1", 1, []*raft.Log{entry(7, 2, "a"), entry(8, 2, "b")})
			l.stores("n2", 1, []*raft.Log{entry(7, 3, "c")})
			l.stores("n1", 1, []*raft.Log{entry(7, 3, "c")})
		}},
		{"one entry, two contents", "log matching", func(l *ledger) {
			l.stores("n1", 1, []*raft.Log{entry(7, 2, "a")})
			l.stores("n2", 1, []*raft.Log{entry(7, 2, "b")})
		}},
		{"one entry behind different ones", "log matching", func(l *ledger) {
			l.stores("n1", 1, []*raft.Log{entry(7, 1, "a"), entry(8, 3, "b")})
			l.stores("n2", 2, []*raft.Log{entry(8, 3, "b")})
		}},
		{"a log that begins behind a snapshot says nothing of what is before", "", func(l *ledger) {
			l.stores("n1", 0, []*raft.Log{entry(8, 3, "b")})
			l.stores("n2", 2, []*raft.Log{entry(8, 3, "b")})
			l.stores("n3", 0, []*raft.Log{entry(8, 3, "b")})
		}},
		{"an entry is applied again after a restart", "", func(l *ledger) {
			l.applies("n1", entry(7, 2, "a"), 42)
			l.applies("n2", entry(7, 2, "a"), 42)
			l.applies("n1", entry(7, 2, "a"), 42)
		}},
		{"a committed entry changes", "state machine safety", func(l *ledger) {
			l.applies("n1", entry(7, 2, "a"), 42)
			l.applies("n2", entry(7, 3, "a"), 42)
		}},
		{"two results of one entry", "state machine safety", func(l *ledger) {
			l.applies("n1", entry(7, 2, "a"), 42)
			l.applies("n2", entry(7, 2, "a"), 43)
		}},
		{"two states behind one index", "state machine safety", func(l *ledger) {
			l.reaches("n1", 512, 1)
			l.reaches("n2", 512, 2)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLedger(time.Now())
			test.steps(l)
			broken := l.violations()
			switch {
			case test.rule == "" && len(broken) > 0:
				t.Errorf("no rule is broken: %+v", broken)
			case test.rule != "" && (len(broken) != 1 || broken[0].Rule != test.rule):
				t.Errorf("%s is broken: %+v", test.rule, broken)
			}
		})
	}
}

// TestFingerprint: whatever changes in an entry, its fingerprint does too.
func TestFingerprint(t *testing.T) {
	seen := map[uint64]string{}
	note := func(e raft.Log) {
		print, what := fingerprint(&e), fmt.Sprint(e.Term, e.Type, e.Data)
		if other, ok := seen[print]; ok && other != what {
			t.Errorf("%s and %s have the fingerprint %x", what, other, print)
		}
		seen[print] = what
	}
	for size := range 20 {
		for i := range 8 * max(1, size) {
			data := make([]byte, size)
			note(raft.Log{Term: uint64(i), Data: data})
			note(raft.Log{Type: raft.LogType(i), Data: data})
			if size > 0 {
				data[i/8] = 1 << (i % 8)
				note(raft.Log{Data: data})
			}
		}
	}
}
