package nemesis

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// TestParse shows what the language is: schedules in their canonical form, and what errors say.
func TestParse(t *testing.T) {
	datadriven.RunTest(t, "testdata/parse", func(t *testing.T, d *datadriven.TestData) string {
		s, err := Parse(d.Input)
		if err != nil {
			return err.Error()
		}
		return s.String()
	})
}

// TestCheck shows which schedules are refused before they run.
func TestCheck(t *testing.T) {
	datadriven.RunTest(t, "testdata/check", func(t *testing.T, d *datadriven.TestData) string {
		count := 5
		d.MaybeScanArgs(t, "nodes", &count)
		s, err := Parse(d.Input)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(Subject{Nodes: names(count), Suffers: suffered(t, d), CrashPoints: everything.CrashPoints}); err != nil {
			return err.Error()
		}
		return "ok"
	})
}

func TestCheckOfEventsThatWereNotParsed(t *testing.T) {
	s := Schedule{{At: 5e9, Action: heal{}}, {At: 20e9, Action: nodeAction{&restart, targets{names: []string{"n3"}}}}}
	want := "event 2 (20s restart n3): n3 is certainly running here, and restart is for a node that is down"
	if err := s.Check(with(names(3))); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := (Schedule{{}}).Check(everything); err == nil {
		t.Error("an event without an action was accepted")
	}
}

func TestNamesOfNodes(t *testing.T) {
	for _, nodes := range [][]string{{"leader"}, {"crash"}, {"n1", "n1"}, {""}, {"a b"}, {"a,b"}, {"ä"}} {
		if err := (Schedule{}).Check(with(nodes)); err == nil {
			t.Errorf("nodes %q were accepted", nodes)
		}
	}
	if err := (Schedule{}).Check(with([]string{"n1", "db-2.example.com", "127.0.0.1:8300", "a_b"})); err != nil {
		t.Error(err)
	}
}

func TestWhatIsPrintedParsesToTheSame(t *testing.T) {
	t.Run("generated", rapid.MakeCheck(func(t *rapid.T) {
		s, err := Generate(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), drawOptions(t))
		if err != nil {
			t.Fatal(err)
		}
		parsesToTheSame(t, s)
	}))
	t.Run("any", rapid.MakeCheck(func(t *rapid.T) { parsesToTheSame(t, drawSchedule(t, names(5), 20)) }))
}

// FuzzParse: nothing panics, and what is accepted is printed so that it parses to the same.
func FuzzParse(f *testing.F) {
	f.Add("12.5s partition n1,n2 | n3,n4,n5\n18s heal\n20s crash leader\n25s restart n3 # again\n")
	f.Add("1m30s partition leader > rest\n\n2h pause minority\r\n2h resume all")
	f.Add("1s partition n1,n2 | n2,n3 | n3,n1 | rest")
	f.Add("0 powerloss one,\n")
	f.Add("1s delay leader > rest by 1.5s jitter 5ms\n2s loss n1 12.5%\n3s throttle one | rest to 20kB/s\n4s end loss")
	f.Add("1s chase leader every 200ms\n2s flap n1 | rest every 0.3s\n3s duplicate all 1e-3%\n4s reset n1")
	f.Add("1s burst x2.5\n2s hot-key 90%\n3s large-values 32kB\n4s slow-clients 20 by 200ms\n5s end load")
	f.Add("5\u00b5s heal \u2192")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		parsesToTheSame(t, s)
		_ = s.Check(with(names(5))) // must not panic
	})
}

func parsesToTheSame(t interface{ Fatalf(string, ...any) }, s Schedule) {
	text := s.String()
	again, err := Parse(text)
	if err != nil {
		t.Fatalf("the schedule\n%sdoes not parse: %v", text, err)
	}
	if len(s) != len(again) {
		t.Fatalf("%d events became %d:\n%s", len(s), len(again), text)
	}
	for i := range s {
		if s[i].At != again[i].At || !reflect.DeepEqual(s[i].Action, again[i].Action) {
			t.Fatalf("%v became %v", s[i], again[i])
		}
	}
}
