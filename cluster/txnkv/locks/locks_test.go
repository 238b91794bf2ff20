package locks

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// TestScripts shows who gets which lock when. A case begins with an empty table. Its lines are
//
//	1 read x          owner 1 asks for the key x to read it; also write x, scan x
//	1 release         all that it has; also release read x
//	1 gives up        what it waits for
//
// The output says what came of each line, and how the table looks in the end.
func TestScripts(t *testing.T) {
	datadriven.RunTest(t, "testdata/locks", func(t *testing.T, d *datadriven.TestData) string {
		s := &script{waits: map[Owner]*Wait{}}
		for _, line := range strings.Split(d.Input, "\n") {
			fmt.Fprintf(&s.said, "%s: %s\n", line, s.do(strings.Fields(line)))
			s.tell()
		}
		return s.said.String() + s.table.String()
	})
}

type script struct {
	table Table
	waits map[Owner]*Wait
	said  strings.Builder
}

func (s *script) do(words []string) string {
	n, _ := strconv.Atoi(words[0])
	o := Owner(n)
	switch words[1] {
	case "release":
		if len(words) > 2 {
			s.table.Release(o, lock(words[2], words[3]))
		} else {
			s.table.ReleaseAll(o)
		}
		return "done"
	case "gives":
		s.table.Cancel(s.waits[o])
		return "done"
	}
	w, err := s.table.Acquire(o, lock(words[1], words[2]))
	switch {
	case err != nil:
		return err.Error()
	case w == nil:
		return "granted"
	}
	s.waits[o] = w
	return "waits"
}

func lock(kind, key string) Lock {
	switch kind {
	case "write":
		return Exclusive(key)
	case "scan":
		return Predicate(key)
	default:
		return Shared(key)
	}
}

// tell says who waits no more.
func (s *script) tell() {
	for o := Owner(1); o < 10; o++ {
		w := s.waits[o]
		if w == nil {
			continue
		}
		select {
		case <-w.Done:
			delete(s.waits, o)
			if w.Err == nil {
				fmt.Fprintf(&s.said, "  %d has it\n", o)
			} else {
				fmt.Fprintf(&s.said, "  %d: %v\n", o, w.Err)
			}
		default:
		}
	}
}

// TestNoConflictIsGrantedAndNobodyWaitsForEver: whatever is asked for, no two have locks that conflict, nobody waits for himself, and
// whoever waits does so for somebody who does not wait, directly or not.
func TestNoConflictIsGrantedAndNobodyWaitsForEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table Table
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			o := Owner(rapid.IntRange(1, 5).Draw(t, "owner"))
			if rapid.IntRange(0, 3).Draw(t, "release") == 0 || table.waitOf(o) >= 0 {
				table.ReleaseAll(o)
			} else {
				kind := rapid.SampledFrom([]string{"read", "write", "scan"}).Draw(t, "kind")
				_, _ = table.Acquire(o, lock(kind, rapid.SampledFrom([]string{"a", "a1", "a2", "b"}).Draw(t, "key")))
			}
			check(t, &table)
		}
	})
}

func check(t *rapid.T, table *Table) {
	for i, h := range table.held {
		for _, other := range table.held[i+1:] {
			if h.owner != other.owner && h.lock.conflicts(other.lock) {
				t.Fatalf("%v and %v\n%v", h, other, table)
			}
		}
	}
	for _, w := range table.waiting {
		if table.cycle(w.Owner) != nil || len(table.Blockers(w)) == 0 {
			t.Fatalf("%d waits for nothing, or for ever\n%v", w.Owner, table)
		}
	}
}
