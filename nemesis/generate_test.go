package nemesis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/cluster"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// TestGenerate shows what seeds and options make of each other.
func TestGenerate(t *testing.T) {
	datadriven.RunTest(t, "testdata/generate", func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "families":
			var lines []string
			for _, f := range AllFamilies() {
				lines = append(lines, f.Name+": "+f.Summary)
			}
			return strings.Join(lines, "\n")
		case "parse-families":
			list, err := ParseFamilies(d.Input, suffered(t, d))
			if err != nil {
				return err.Error()
			}
			if d.HasArg("format") {
				return FormatFamilies(list, suffered(t, d))
			}
			return strings.Join(list, "\n")
		case "generate":
			return generate(t, d)
		default:
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		}
	})
}

// suffered are the faults that the system can suffer: all but those named by "without".
func suffered(t *testing.T, d *datadriven.TestData) []cluster.Fault {
	without, ok := d.Arg("without")
	if !ok {
		return everything.Suffers
	}
	return slices.DeleteFunc(slices.Clone(everything.Suffers), func(f cluster.Fault) bool { return slices.Contains(without.Vals, string(f)) })
}

func generate(t *testing.T, d *datadriven.TestData) string {
	var seed uint64
	var interval, first, end string
	count := 5
	d.ScanArgs(t, "seed", &seed)
	d.ScanArgs(t, "interval", &interval)
	d.ScanArgs(t, "first", &first)
	d.ScanArgs(t, "end", &end)
	d.MaybeScanArgs(t, "nodes", &count)
	o := Options{Subject: with(names(count)), Interval: seconds(t, interval), First: seconds(t, first), End: seconds(t, end)}
	if list, ok := d.Arg("families"); ok {
		o.Families = list.Vals
	}
	if share, ok := d.Arg("intensity"); ok {
		if _, err := fmt.Sscan(share.Vals[0], &o.Intensity); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Generate(rand.New(rand.NewPCG(seed, 0)), o)
	if err != nil {
		return err.Error()
	}
	return s.String()
}

func seconds(t *testing.T, s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGeneratedSchedulesKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		seed := rapid.Uint64().Draw(t, "seed")
		s, err := Generate(rand.New(rand.NewPCG(seed, 0)), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(o.Subject); err != nil {
			t.Errorf("not valid: %v", err)
		}
		if again, _ := Generate(rand.New(rand.NewPCG(seed, 0)), o); again.String() != s.String() {
			t.Error("the same seed drew another schedule")
		}
		for i, e := range s {
			if e.At < o.First || e.At >= o.End {
				t.Errorf("%v is not between %v and %v", e, o.First, o.End)
			}
			if i > 0 && e.At == s[i-1].At {
				t.Errorf("two events at %v", e.At)
			}
			if e.At%time.Millisecond == 0 {
				t.Errorf("%v is at a whole millisecond", e)
			}
		}
		for _, name := range o.Families {
			o.Families = []string{name} // alone, since two families may use one verb
			alone, err := Generate(rand.New(rand.NewPCG(seed, 0)), o)
			if err != nil {
				t.Fatal(err)
			}
			beginsAndEndsInTurn(t, name, alone)
		}
	})
}

func beginsAndEndsInTurn(t *rapid.T, name string, s Schedule) {
	found, err := lookUp([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	begins := []string{name} // as most verbs are called
	switch name {
	case "crash":
		begins = []string{"crash", "powerloss"}
	case "older-snapshot":
		begins = []string{"crash"}
	case "membership":
		begins = []string{"remove", "demote", "replace"}
	case "clock":
		begins = []string{"jump", "drift", "strobe"}
	case "load":
		begins = []string{"burst", "hot-key", "large-values", "slow-clients"}
	case "unsafe-disk":
		begins = []string{"disk-nosync"}
	}
	events, open := 0, false
	for _, e := range s {
		verb, _, _ := strings.Cut(e.Action.String(), " ")
		begin, end := slices.Contains(begins, verb), found[0].end != nil && e.Action.String() == found[0].end.String()
		if begin && open || end && !open {
			t.Errorf("%v is out of turn", e)
		}
		if begin || end {
			open = begin && found[0].end != nil
			events++
		}
	}
	if open || events == 0 {
		t.Errorf("%s has %d events, and the last one left open: %t", name, events, open)
	}
}

// A family added or taken away leaves the faults of the others where they were: what a second family
// changes in the verdict is its own doing.
func TestFamiliesAreIndependent(t *testing.T) {
	o := Options{Subject: with(names(5)), Interval: 3 * time.Second, First: 2 * time.Second, End: 60 * time.Second}
	lines := func(families ...string) []string {
		o.Families = families
		s, err := Generate(rand.New(rand.NewPCG(7, 0)), o)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(s.String()), "\n")
	}
	separate := append(append(lines("pause"), lines("crash")...), lines("partition")...)
	together := lines("crash", "partition", "pause")
	slices.Sort(separate)
	if again := lines("pause", "partition", "crash"); !slices.Equal(together, again) {
		t.Error("the order in which families are named matters")
	}
	slices.Sort(together)
	if !slices.Equal(separate, together) {
		t.Errorf("together:\n%v\nseparate:\n%v", together, separate)
	}
}

func TestInstantsMoveApart(t *testing.T) {
	used := instants{}
	for i, want := range []time.Duration{1_000_001_000, 1_000_002_000, 1_000_003_000} {
		if got := used.place(time.Second + time.Duration(i)); got != want {
			t.Errorf("place %d is %v, want %v", i, got, want)
		}
	}
}
