package ssi

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// store is a store with snapshot isolation that obeys a graph: what it commits must be serializable.
type store struct {
	graph    Graph
	versions map[string][]version // of each key, the oldest first; the first is the initial one
	last     uint64
	txns     []*txn
}

type version struct {
	index  uint64
	writer int // a number in txns; -1 of the initial one
}

type txn struct {
	snapshot uint64
	reads    map[string]bool
	scans    map[string]bool
	writes   map[string]bool
	state    string // active, allowed, committed, aborted
}

var keys = []string{"a1", "a2", "b1"}

func newStore() *store {
	s := &store{versions: map[string][]version{}}
	for _, key := range keys {
		s.versions[key] = []version{{0, -1}}
	}
	return s
}

func (s *store) begin() {
	s.txns = append(s.txns, &txn{snapshot: s.last, reads: map[string]bool{}, scans: map[string]bool{}, writes: map[string]bool{}, state: "active"})
	s.graph.Begin(Owner(len(s.txns)), s.last)
}

// commits reports whether a transaction may: no concurrent one has written the same.
func (s *store) allow(n int) {
	t := s.txns[n]
	for key := range t.writes {
		all := s.versions[key]
		taken := slices.ContainsFunc(s.txns, func(other *txn) bool { return other != t && other.state == "allowed" && other.writes[key] })
		if taken || all[len(all)-1].index > t.snapshot {
			s.abort(n)
			return
		}
	}
	if s.graph.Allow(Owner(n+1)) != nil {
		s.abort(n)
		return
	}
	t.state = "allowed"
}

func (s *store) abort(n int) {
	s.txns[n].state = "aborted"
	s.graph.Aborted(Owner(n + 1))
}

// commit puts an allowed transaction in the order of commits, which need not be the order in which they were allowed.
func (s *store) commit(n int) {
	t := s.txns[n]
	t.state = "committed"
	if len(t.writes) > 0 {
		s.last++
		for key := range t.writes {
			s.versions[key] = append(s.versions[key], version{s.last, n})
		}
	}
	s.graph.Committed(Owner(n+1), s.last)
}

// cycle is one in the graph of all dependencies between committed transactions; nil if they are serializable.
func (s *store) cycle() []int {
	next := map[int][]int{}
	edge := func(from, to int) {
		if from != to && from >= 0 && to >= 0 {
			next[from] = append(next[from], to)
		}
	}
	for n, t := range s.txns {
		if t.state != "committed" {
			continue
		}
		for _, key := range keys {
			read := t.reads[key] || slices.ContainsFunc([]string{"a", "b", ""}, func(p string) bool { return t.scans[p] && strings.HasPrefix(key, p) })
			all := s.versions[key]
			for i, v := range all {
				if i > 0 {
					edge(all[i-1].writer, v.writer)
				}
				if read && v.index <= t.snapshot && (i+1 == len(all) || all[i+1].index > t.snapshot) {
					edge(v.writer, n)
					if i+1 < len(all) {
						edge(n, all[i+1].writer)
					}
				}
			}
		}
	}
	return cycleIn(next, len(s.txns))
}

func cycleIn(next map[int][]int, n int) []int {
	color := make([]int, n)
	var walk func(int) []int
	walk = func(at int) []int {
		color[at] = 1
		for _, to := range next[at] {
			if color[to] == 1 {
				return []int{at, to}
			}
			if color[to] == 0 {
				if c := walk(to); c != nil {
					return append([]int{at}, c...)
				}
			}
		}
		color[at] = 2
		return nil
	}
	for at := range n {
		if color[at] == 0 {
			if c := walk(at); c != nil {
				return c
			}
		}
	}
	return nil
}

// many sets how many cases a test checks, unless the command line says so: what is wrong with a graph shows in one of thousands.
func many(t *testing.T, cases int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if f == nil || f.Value.String() != f.DefValue {
		return
	}
	if err := f.Value.Set(strconv.Itoa(cases)); err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsAllowedIsSerializable, whatever comes in which order, and so are those who read a safe snapshot.
func TestWhatIsAllowedIsSerializable(t *testing.T) {
	many(t, 5000)
	dangers, safe := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := newStore()
		readers := map[uint64]bool{}
		pick := func(state string) int {
			var of []int
			for n, x := range s.txns {
				if x.state == state {
					of = append(of, n)
				}
			}
			if len(of) == 0 {
				return -1
			}
			return rapid.SampledFrom(of).Draw(t, state)
		}
		for range rapid.IntRange(10, 60).Draw(t, "steps") {
			does := rapid.IntRange(0, 9).Draw(t, "does")
			n := pick("active")
			if n < 0 && does != 8 {
				does = 0
			}
			switch does {
			case 0:
				s.begin()
			case 1, 2:
				key := rapid.SampledFrom(keys).Draw(t, "read")
				s.txns[n].reads[key] = true
				s.graph.Read(Owner(n+1), key)
			case 3:
				prefix := rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "scan")
				s.txns[n].scans[prefix] = true
				s.graph.Scan(Owner(n+1), prefix)
			case 4, 5:
				key := rapid.SampledFrom(keys).Draw(t, "write")
				s.txns[n].writes[key] = true
				s.graph.Write(Owner(n+1), key)
			case 6, 7:
				s.allow(n)
				if s.txns[n].state == "aborted" {
					dangers++
				}
			case 8:
				if n := pick("allowed"); n >= 0 {
					s.commit(n)
				}
			case 9:
				s.abort(n)
			}
			readers[s.graph.Safe(s.last)] = true
		}
		for at := range readers { // one each that has read everything
			if at > 0 {
				safe++
			}
			s.txns = append(s.txns, &txn{snapshot: at, scans: map[string]bool{"": true}, state: "committed"})
		}
		if c := s.cycle(); c != nil {
			t.Fatalf("not serializable: %v\n%s", c, s.describe())
		}
	})
	if dangers == 0 || safe == 0 {
		t.Errorf("%d dangers, %d safe snapshots: nothing was tested", dangers, safe)
	}
}

func (s *store) describe() string {
	var b strings.Builder
	for n, t := range s.txns {
		fmt.Fprintf(&b, "%d: %s, snapshot %d, reads %v, scans %v, writes %v\n", n, t.state, t.snapshot, t.reads, t.scans, t.writes)
	}
	fmt.Fprintf(&b, "%v", s.versions)
	return b.String()
}

// TestScripts shows conflicts, and what is dangerous. A case begins with an empty graph. Its lines are
//
//	1 begins 5        transaction 1, with the snapshot 5
//	1 reads x         also writes x, scans x
//	1 may commit      it is asked whether it may
//	1 commits 6       at the index 6
//	1 aborts
//	safe 6            which snapshot is safe? 6 is the last index
//
// The output says what was answered, and how the graph looks in the end.
func TestScripts(t *testing.T) {
	datadriven.RunTest(t, "testdata/ssi", func(t *testing.T, d *datadriven.TestData) string {
		var g Graph
		var said strings.Builder
		for _, line := range strings.Split(d.Input, "\n") {
			if answer := do(&g, strings.Fields(line)); answer != "" {
				fmt.Fprintf(&said, "%s: %s\n", line, answer)
			}
		}
		return said.String() + g.String()
	})
}

func do(g *Graph, words []string) string {
	last := words[len(words)-1]
	index, _ := strconv.ParseUint(last, 10, 64)
	if words[0] == "safe" {
		return fmt.Sprint(g.Safe(index))
	}
	n, _ := strconv.ParseUint(words[0], 10, 64)
	switch o := Owner(n); words[1] {
	case "begins":
		g.Begin(o, index)
	case "reads":
		g.Read(o, last)
	case "scans":
		g.Scan(o, last)
	case "writes":
		g.Write(o, last)
	case "commits":
		g.Committed(o, index)
	case "aborts":
		g.Aborted(o)
	case "may":
		if err := g.Allow(o); err != nil {
			return err.Error()
		}
		return "yes"
	}
	return ""
}
