package models

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// testdata/models.txt holds the relations as their definitions have them.
func TestRelations(t *testing.T) {
	datadriven.RunTest(t, "testdata/models.txt", func(t *testing.T, d *datadriven.TestData) string {
		names := strings.Fields(d.Input)
		switch d.Cmd {
		case "refuted":
			refuted := Refuted(names...)
			return "weakest: " + listed(Weakest(refuted)) + "\nleft: " + listed(Strongest(refuted)) + "\n"
		case "forbidden":
			return strings.Join(Forbidden(Of(names...)), " ") + "\n"
		case "implied":
			return strings.Join(Implied(Of(names...)).Names(), " ") + "\n"
		case "why":
			return cmp.Or(Why(names[0], names[1]), "it does not refute it") + "\n"
		case "name":
			m, err := ByName(names[0])
			if err != nil {
				return err.Error() + "\n"
			}
			return m.Name + "\n"
		default:
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		}
	})
}

func listed(names []string) string { return cmp.Or(strings.Join(names, " "), "none") }

// What the relations name is there, they lead down, and every anomaly refutes something.
func TestTheTablesAreWhole(t *testing.T) {
	names := map[string]int{}
	for i, m := range All() {
		for _, name := range append([]string{m.Name}, m.Also...) {
			if _, twice := names[strings.ToLower(name)]; twice {
				t.Errorf("two models are called %s", name)
			}
			names[strings.ToLower(name)] = i
		}
		for _, weaker := range m.Implies {
			if place(weaker) <= i {
				t.Errorf("%s implies %s, which does not come after it", m.Name, weaker)
			}
		}
		for _, a := range m.Proscribes {
			if _, err := AnomalyByName(a); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
		}
	}
	for _, name := range Anomalies() {
		a, _ := AnomalyByName(name)
		for _, weaker := range a.Implies {
			if _, err := AnomalyByName(weaker); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if Refuted(name) == 0 {
			t.Errorf("%s refutes nothing", name)
		}
	}
}

// A stronger model forbids what a weaker one does, and a case of an anomaly refutes what the anomaly does.
func TestTheRelationsAreMonotone(t *testing.T) {
	for _, m := range All() {
		stronger := Forbidden(Of(m.Name))
		for _, weaker := range m.Implies {
			for _, a := range Forbidden(Of(weaker)) {
				if !slices.Contains(stronger, a) {
					t.Errorf("%s forbids %s, and %s does not", weaker, a, m.Name)
				}
			}
		}
	}
	for _, name := range Anomalies() {
		a, _ := AnomalyByName(name)
		for _, other := range a.Implies {
			if lost := Refuted(other) &^ Refuted(name); lost != 0 {
				t.Errorf("%s is a case of %s, and does not refute %v", name, other, lost.Names())
			}
		}
		for i, m := range all {
			if why := Why(name, m.Name); (why != "") != (Refuted(name)&(1<<i) != 0) {
				t.Errorf("%s and %s: %q", name, m.Name, why)
			}
		}
	}
}

func TestWantedLevels(t *testing.T) {
	for name, want := range map[string]Level{
		StrictSerializable: Realtime, "strong-PL-2": Realtime, StrongSessionSerializable: Process, Serializable: Data, ReadCommitted: Data,
	} {
		if got := Wanted(Of(name)); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if Wanted(Of(Serializable, "strong-session-SI")) != Process {
		t.Error("of two models the one that asks for more counts")
	}
}
