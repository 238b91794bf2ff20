package cycle

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"faultline/checker"
	"faultline/internal/wording"
)

const (
	longestLine = 38 // runes
	mostLines   = 6  // micro-operations of a box
)

// boxText is what stands in a box.
type boxText struct {
	lines []Line // without their places
	width float64
}

// textOf is what stands in the box of an operation: of a transaction a line for each micro-operation.
func textOf(f *checker.Finding, i int) boxText {
	var t boxText
	switch {
	case i < 0:
		t.add(Line{Text: f.Called(i)})
		return t
	case f.Operations[i].Name != "":
		t.add(Line{Text: shown(f.Operations[i].Name, longestLine), Name: true})
	}
	o := &f.Operations[i]
	if len(o.MicroOps) == 0 {
		t.add(Line{Text: shown(o.Text, longestLine), Steps: stepsOf(f, i)})
		return t
	}
	steps := stepsByMicroOp(f, i)
	kept := keptMicroOps(steps)
	for k := 0; k < len(steps); {
		gone := 0
		for k+gone < len(steps) && !kept[k+gone] {
			gone++
		}
		if gone > 1 { // for a single one there is room
			t.add(Line{Text: fmt.Sprintf("… %d more", gone)})
			k += gone
			continue
		}
		t.add(Line{Text: shown(o.MicroOps[k].Text, longestLine), Steps: steps[k]})
		k++
	}
	return t
}

func (t *boxText) add(line Line) {
	if line.Steps == nil {
		line.Steps = []int{}
	}
	t.lines = append(t.lines, line)
	t.width = max(t.width, textWidth(line.Text))
}

// stepsOf are the steps that lead to an operation or away from it.
func stepsOf(f *checker.Finding, i int) []int {
	var steps []int
	for k, s := range f.Steps {
		if s.From == i || s.To == i {
			steps = append(steps, k)
		}
	}
	return steps
}

// stepsByMicroOp are the steps that each micro-operation is about: those on its key, or on a key that a scan looks for if the
// transaction does nothing to the key itself.
func stepsByMicroOp(f *checker.Finding, i int) [][]int {
	micro := f.Operations[i].MicroOps
	about := make([][]int, len(micro))
	for _, step := range stepsOf(f, i) {
		key := f.Steps[step].Key
		if key == "" {
			continue
		}
		direct := slices.ContainsFunc(micro, func(m checker.MicroOp) bool { return m.Key == key })
		for k, m := range micro {
			if m.Key == key || !direct && strings.HasPrefix(key, m.Key) {
				about[k] = append(about[k], step)
			}
		}
	}
	return about
}

// keptMicroOps says which micro-operations have a line: all if there are few, and otherwise first those that a step is about.
func keptMicroOps(steps [][]int) []bool {
	kept := make([]bool, len(steps))
	room := mostLines
	if len(steps) > mostLines {
		room -= 2 // for the lines that say how many are left out
	}
	for _, matters := range []bool{true, false} {
		for k := range steps {
			if len(steps[k]) > 0 == matters && room > 0 {
				kept[k] = true
				room--
			}
		}
	}
	return kept
}

// shown is text fit for a drawing.
func shown(text string, longest int) string { return wording.Line(text, longest) }

// textWidth is that of a text. What is not Latin may be twice as wide.
func textWidth(text string) float64 {
	wide := 0
	for _, r := range text {
		if r >= 0x2e80 {
			wide++
		}
	}
	return charWidth * float64(utf8.RuneCountInString(text)+wide)
}
