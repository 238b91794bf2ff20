package cycle_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/results/cycle"
)

// finding draws a cycle of transactions: each process does one after the other, and some never return.
func finding(t *rapid.T, most int) *checker.Finding {
	f := &checker.Finding{}
	n := rapid.IntRange(2, most).Draw(t, "transactions")
	clients := rapid.IntRange(1, n).Draw(t, "clients")
	process, free := seq(clients), make([]int, clients) // of each client, and when it is
	for i := range n {
		c := rapid.IntRange(0, clients-1).Draw(t, "client")
		begin := free[c] + rapid.IntRange(0, 9).Draw(t, "pause")
		free[c] = begin + rapid.IntRange(1, 9).Draw(t, "latency")
		o := checker.Involved{Name: fmt.Sprintf("T%d", i+1), Process: process[c]}
		o.Invoked, o.Returned = 64*begin+2*i, 64*free[c]+2*i+1 // a history has one event at each position
		if rapid.IntRange(0, 9).Draw(t, "lost") == 0 {
			o.Returned = -1
			process[c] += clients
		}
		for k := range rapid.IntRange(0, 12).Draw(t, "steps") {
			o.MicroOps = append(o.MicroOps, checker.MicroOp{Key: fmt.Sprint("k", k%4), Text: fmt.Sprintf("append k%d %d", k%4, i)})
		}
		f.Operations = append(f.Operations, o)
	}
	kinds := rapid.SampledFrom([]checker.Dependency{checker.WW, checker.WR, checker.RW, checker.Process, checker.Realtime, checker.WFR, ""})
	around := rapid.Permutation(seq(n)).Draw(t, "around")[:rapid.IntRange(2, n).Draw(t, "length")]
	for i, from := range around {
		f.Steps = append(f.Steps, checker.Step{From: from, To: around[(i+1)%len(around)], Kind: kinds.Draw(t, "kind"), Key: fmt.Sprint("k", i%4), Why: "it did"})
	}
	return f
}

func seq(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// A box is left of another if and only if its operation had returned before the other was invoked, and no two boxes overlap.
func TestBoxesStandWhereIntervalsAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := finding(t, 8)
		d := draw(t, f)
		for _, a := range d.Boxes {
			for _, b := range d.Boxes {
				if a.Operation == b.Operation {
					continue
				}
				first, second := f.Operations[a.Operation], f.Operations[b.Operation]
				if before := first.Returned >= 0 && first.Returned < second.Invoked; before && a.X+a.Width >= b.X ||
					first.Returned >= 0 && !before && a.X+a.Width < b.X {
					t.Errorf("%s stands at %v to %v, and %s at %v to %v", first.Name, a.X, a.X+a.Width, second.Name, b.X, b.X+b.Width)
				}
				if rectangle(a).meets(rectangle(b)) {
					t.Errorf("the boxes of %s and %s overlap", first.Name, second.Name)
				}
			}
		}
	})
}

// An arrow leads from the border of its first box to that of its second, and through no box. Nothing covers a label.
func TestArrowsRunBetweenBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := finding(t, 8)
		d := draw(t, f)
		box := map[int]cycle.Box{}
		for _, b := range d.Boxes {
			box[b.Operation] = b
		}
		for i, a := range d.Arrows {
			line := points(t, a.Path)
			tip := points(t, a.Head)[0]
			if !rectangle(box[a.From]).borders(line[0]) || !rectangle(box[a.To]).borders(tip) {
				t.Errorf("the arrow of step %d leads from %v to %v", i, line[0], tip)
			}
			line = append(line, tip)
			for k := 1; k < len(line); k++ {
				for _, b := range d.Boxes {
					if rectangle(b).inner().meets(between(line[k-1], line[k])) {
						t.Errorf("the arrow of step %d runs through the box of %s", i, f.Operations[b.Operation].Name)
					}
				}
			}
			label := labelled(a.Label)
			for _, b := range d.Boxes {
				if label.meets(rectangle(b)) {
					t.Errorf("the label of step %d stands on a box", i)
				}
			}
			for k, other := range d.Arrows[:i] {
				if label.meets(labelled(other.Label)) {
					t.Errorf("the labels of steps %d and %d overlap", i, k)
				}
			}
			for _, other := range d.Arrows[:i] {
				if shared := overlapping(line, points(t, other.Path)); shared > 1 {
					t.Errorf("the arrows of steps %d and %d share %v pixels", other.Step, i, shared)
				}
			}
			if !(area{0, 0, d.Width, d.Height}).holds(label) {
				t.Errorf("the label of step %d is outside", i)
			}
		}
	})
}

// Thirty transactions are drawn as well, and twice in the same way.
func TestManyTransactions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := finding(t, 30)
		d := draw(t, f)
		for _, b := range d.Boxes {
			if !(area{0, 0, d.Width, d.Height}).holds(rectangle(b)) {
				t.Errorf("the box of %s is outside", f.Operations[b.Operation].Name)
			}
		}
		if again := draw(t, f); !reflect.DeepEqual(d, again) {
			t.Error("the same finding is drawn in two ways")
		}
		if _, err := json.Marshal(d); err != nil { // no infinity
			t.Error(err)
		}
	})
}

// What cannot be drawn is not: a finding without steps, and one that was edited.
func TestNoDrawing(t *testing.T) {
	ops := []checker.Involved{{Invoked: 0, Returned: 1}, {Invoked: 2, Returned: 3}}
	for _, steps := range [][]checker.Step{nil, {{From: 0, To: 2}}, {{From: -2, To: 1}}, {{From: 1, To: 1}}} {
		if _, ok := cycle.Draw(&checker.Finding{Operations: ops, Steps: steps}); ok {
			t.Errorf("%v is drawn", steps)
		}
	}
	if d, ok := cycle.Draw(&checker.Finding{Operations: ops, Steps: []checker.Step{{From: -1, To: 1}, {From: 1, To: -1}}}); !ok || len(d.Boxes) != 3 || d.Lanes[0].Label != "" {
		t.Errorf("the initial value is drawn as %+v", d)
	}
}

// A long transaction shows what the steps are about, and says how much else it did.
func TestLongTransactions(t *testing.T) {
	var micro []checker.MicroOp
	for k := range 20 {
		micro = append(micro, checker.MicroOp{Key: fmt.Sprint("k", k), Text: fmt.Sprintf("append k%d 1", k)})
	}
	f := &checker.Finding{
		Operations: []checker.Involved{{Name: "T1", MicroOps: micro, Invoked: 0, Returned: 3}, {Name: "T2", MicroOps: []checker.MicroOp{{Key: "k", Text: "scan k → {}"}}, Process: 1, Invoked: 1, Returned: 2}},
		Steps:      []checker.Step{{From: 0, To: 1, Kind: checker.WR, Key: "k17"}, {From: 1, To: 0, Kind: checker.RW, Key: "k3"}},
	}
	d := draw(t, f)
	var lines []string
	for _, line := range append(d.Boxes[0].Lines, d.Boxes[1].Lines...) {
		lines = append(lines, fmt.Sprint(line.Text, " ", line.Steps))
	}
	want := []string{"T1 []", "append k0 1 []", "append k1 1 []", "append k2 1 []", "append k3 1 [1]", "… 13 more []", "append k17 1 [0]", "… 2 more []", "T2 []", "scan k → {} [0 1]"}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("%q", lines)
	}
}

func draw(t rapid.TB, f *checker.Finding) cycle.Drawing {
	d, ok := cycle.Draw(f)
	if !ok {
		t.Fatalf("there is no drawing of %+v", f)
	}
	return d
}

type area struct{ x0, y0, x1, y1 float64 }

func rectangle(b cycle.Box) area  { return area{b.X, b.Y, b.X + b.Width, b.Y + b.Height} }
func labelled(l cycle.Label) area { return area{l.X, l.Y, l.X + l.Width, l.Y + l.Height} }
func between(a, b [2]float64) area {
	return area{min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])}
}

func (a area) inner() area       { return area{a.x0 + 1, a.y0 + 1, a.x1 - 1, a.y1 - 1} }
func (a area) meets(b area) bool { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 }
func (a area) holds(b area) bool {
	return a.x0 <= b.x0 && a.y0 <= b.y0 && b.x1 <= a.x1 && b.y1 <= a.y1
}

// borders reports whether a point is on the border, as exactly as paths are written.
func (a area) borders(p [2]float64) bool {
	const exact = 0.1
	on := func(v, w float64) bool { return math.Abs(v-w) < exact }
	return p[0] > a.x0-exact && p[0] < a.x1+exact && p[1] > a.y0-exact && p[1] < a.y1+exact && (on(p[0], a.x0) || on(p[0], a.x1) || on(p[1], a.y0) || on(p[1], a.y1))
}

// overlapping is how long two lines run on each other, or so close that they look as if they did.
func overlapping(a, b [][2]float64) float64 {
	const close = 4
	longest := 0.0
	for i := 1; i < len(a); i++ {
		for k := 1; k < len(b); k++ {
			p, q := between(a[i-1], a[i]), between(b[k-1], b[k])
			width, height := min(p.x1, q.x1)-max(p.x0, q.x0), min(p.y1, q.y1)-max(p.y0, q.y0)
			switch {
			case p.x0 == p.x1 && q.x0 == q.x1 && width > -close:
				longest = max(longest, height)
			case p.y0 == p.y1 && q.y0 == q.y1 && height > -close:
				longest = max(longest, width)
			}
		}
	}
	return longest
}

var number = regexp.MustCompile(`(-?[\d.]+),(-?[\d.]+)`)

// points are those of a path; what is between them lies in the rectangle that they span.
func points(t rapid.TB, path string) (all [][2]float64) {
	for _, m := range number.FindAllStringSubmatch(path, -1) {
		x, errX := strconv.ParseFloat(m[1], 64)
		y, errY := strconv.ParseFloat(m[2], 64)
		if errX != nil || errY != nil {
			t.Fatalf("the path %s", path)
		}
		all = append(all, [2]float64{x, y})
	}
	return all
}
