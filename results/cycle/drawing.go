// Package cycle lays out a finding whose steps lead from operation to operation and back: which box and which arrow is where. A lane is
// a process, and a box an operation. A box stands where the operation's interval is: one box is entirely left of another if and only if the
// first operation had returned before the second was invoked. Other distances mean nothing.
//
// Arrows run between the lanes, never through a box, and each has a label that nothing covers. Both the static page and the viewer draw
// what is computed here, so that they show the same picture.
package cycle

import (
	"cmp"
	"embed"
	"slices"
	"strconv"
	"strings"

	"faultline/checker"
)

// Assets has cycle.css, the style of a drawing in an element of class cycle. It takes its colours from the page around it.
//
//go:embed cycle.css
var Assets embed.FS

// Drawing is a picture of a finding. Lengths are pixels of CSS, from the upper left corner.
type Drawing struct {
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Lanes  []Lane  `json:"lanes"`
	Boxes  []Box   `json:"boxes"`
	Arrows []Arrow `json:"arrows"`
}

// Lane is the band of a process.
type Lane struct {
	Label  string  `json:"label"`
	Y      float64 `json:"y"`
	Height float64 `json:"height"`
}

// Box is an operation.
type Box struct {
	Operation int     `json:"operation"` // its position in the finding; -1 is the initial value
	X         float64 `json:"x"`
	Y         float64 `json:"y"`
	Width     float64 `json:"width"`
	Height    float64 `json:"height"`
	Open      bool    `json:"open"`  // it may take effect at any later time
	Aside     bool    `json:"aside"` // no step leads to it: a step's reason tells of it
	Lines     []Line  `json:"lines"`
	Title     string  `json:"title"` // the operation in full
}

// Line is a line of text in a box.
type Line struct {
	X     float64 `json:"x"` // where it begins
	Y     float64 `json:"y"` // its baseline
	Text  string  `json:"text"`
	Name  bool    `json:"name"`  // it is what sentences call the operation
	Steps []int   `json:"steps"` // the steps that it is about
}

// Arrow is a step.
type Arrow struct {
	Step  int    `json:"step"` // its position in the finding
	From  int    `json:"from"` // as in checker.Step
	To    int    `json:"to"`
	Kind  string `json:"kind"` // as in checker.Step, fit to be shown
	Path  string `json:"path"` // of the line, as SVG has it
	Head  string `json:"head"` // and of its tip
	Label Label  `json:"label"`
	// Sentence says which operation comes before which, and why.
	Sentence string `json:"sentence"`
}

// Label is what stands at an arrow, in a rectangle of its own.
type Label struct {
	Number int     `json:"number"` // of the step, from 1
	Text   string  `json:"text"`   // its kind and key
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// Middle is where the text of a label has its middle, from left to right.
func (l Label) Middle() float64 { return l.X + l.Width/2 }

// Centre is where the text of a label has its middle, from top to bottom.
func (l Label) Centre() float64 { return l.Y + l.Height/2 }

// Centre is where the label of a lane has its middle.
func (l Lane) Centre() float64 { return l.Y + l.Height/2 }

// mostSteps is how many steps a finding has at most that is drawn: a larger drawing shows nothing.
const mostSteps = 60

// Draw lays out a finding. There is no drawing of one without steps, with more than can be looked at, or with steps that lead nowhere, as
// after somebody has edited it.
func Draw(f *checker.Finding) (d Drawing, ok bool) {
	if len(f.Steps) == 0 || len(f.Steps) > mostSteps || !sound(f) {
		return d, false
	}
	l := newLayout(f)
	l.placeInTime()
	l.route()
	l.placeChannels()
	return l.drawing(), true
}

// Sentences say of each step which operation comes before which, and why; the reason alone does so where operations have names. There are
// none if steps lead nowhere.
func Sentences(f *checker.Finding) []string {
	if !sound(f) {
		return nil
	}
	var all []string
	for _, s := range f.Steps {
		if named(f, s.From) && named(f, s.To) {
			all = append(all, s.Why)
		} else {
			all = append(all, f.Called(s.From)+" before "+f.Called(s.To)+": "+s.Why)
		}
	}
	return all
}

func named(f *checker.Finding, i int) bool { return i >= 0 && f.Operations[i].Name != "" }

// sound reports whether all steps lead from an operation to another one.
func sound(f *checker.Finding) bool {
	return !slices.ContainsFunc(f.Steps, func(s checker.Step) bool {
		return s.From == s.To || min(s.From, s.To) < -1 || max(s.From, s.To) >= len(f.Operations)
	})
}

// labelOf is what stands at the arrow of a step, without its place: the first word of its kind, and the key.
func labelOf(step int, s checker.Step) Label {
	kind, _, _ := strings.Cut(string(s.Kind), " ")
	text := shown(cmp.Or(kind, "before"), longestWord)
	if s.Key != "" {
		text += " " + shown(s.Key, longestWord)
	}
	label := Label{Number: step + 1, Text: text, Height: labelHeight}
	label.Width = textWidth(label.Text) + textWidth(strconv.Itoa(label.Number)+" ") + 2*labelPadding
	return label
}
