package nemesis

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Simpler events, the simplest first, of three nodes.
func TestSimpler(t *testing.T) {
	tests := []struct {
		event string
		want  []string
	}{
		{"1s heal", nil},
		{"1s crash leader", nil},
		{"1s crash n2", []string{"crash leader"}},
		{"1s pause n1,n3", []string{"pause leader", "pause n1", "pause n3", "pause n3", "pause n1"}},
		{"1s restart n2", nil}, // a node that is down does not lead
		{"1s restart n1,n2,n3", []string{"restart n1", "restart n2", "restart n3", "restart all",
			"restart n2,n3", "restart n1,n3", "restart n1,n2"}},
		{"1s crash one", []string{"crash leader", "crash n1", "crash n2", "crash n3"}},
		{"1s partition leader | rest", nil},
		{"1s partition n1 | n2,n3", []string{"partition leader | rest", "partition n1 | rest", "partition n2 | rest",
			"partition n3 | rest", "partition n1 | n3", "partition n1 | n2"}},
		{"1s partition n1 > n2", []string{"partition leader > rest", "partition rest > leader", "partition n1 > rest",
			"partition rest > n1", "partition n2 > rest", "partition rest > n2", "partition n3 > rest", "partition rest > n3"}},
		{"1s partition one | rest | leader", []string{"partition leader | rest", "partition n1 | rest", "partition n2 | rest",
			"partition n3 | rest", "partition rest | leader", "partition one | leader", "partition one | rest"}},
		{"1s burst x9", []string{"burst x2", "burst x4"}},
		{"1s burst x2", nil},
		{"1s large-values 32500B", []string{"large-values 1kB", "large-values 16kB"}},
		{"1s large-values 700B", nil},
		{"1s slow-clients 9 by 200ms", []string{"slow-clients 1 by 200ms", "slow-clients 4 by 200ms"}},
		{"1s hot-key 90%", nil},
		{"1s end load", nil},
	}
	for _, tt := range tests {
		s, err := Parse(tt.event)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range s[0].Simpler(names(3)) {
			if e.At != s[0].At {
				t.Errorf("%q comes at another time than %q", e, tt.event)
			}
			got = append(got, e.Action.String())
		}
		if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s\ngot  %q\nwant %q", tt.event, got, tt.want)
		}
	}
}

// Whoever goes on to a simpler event comes to an end, and all the way what stands there is in the language.
func TestSimplerEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := names(rapid.IntRange(2, 9).Draw(t, "nodes"))
		e := Event{Action: drawAction(t, nodes)}
		for steps := 0; ; steps++ {
			if again, err := Parse(e.String()); err != nil || again.String() != (Schedule{e}).String() {
				t.Fatalf("%q is read as %q: %v", e, again, err)
			}
			simpler := e.Simpler(nodes)
			if len(simpler) == 0 {
				return
			}
			if steps > 200 {
				t.Fatalf("there is no end to it: %s", e)
			}
			e = rapid.SampledFrom(simpler).Draw(t, "simpler")
		}
	})
}
