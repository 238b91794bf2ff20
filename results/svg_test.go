package results

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestSVG is what a browser gets of lines, areas and circles.
func TestSVG(t *testing.T) {
	m := &svg{}
	c := m.begin(100, 50)
	var line, circle vg.Path
	line.Move(vg.Point{X: 1, Y: 2})
	line.Line(vg.Point{X: 3.14159, Y: 2e-7})
	circle.Move(vg.Point{X: 14, Y: 10})
	circle.Arc(vg.Point{X: 10, Y: 10}, 4, 0, 2*math.Pi)
	circle.Close()
	c.Push()
	c.SetLineDash([]vg.Length{5, 2}, 0)
	c.SetColor(ink)
	c.Stroke(line)
	c.Pop()
	c.SetLineWidth(0.5)
	c.Stroke(line)
	c.SetColor(color.NRGBA{R: 255, A: 51})
	c.Fill(circle)
	c.SetLineWidth(0)
	c.Stroke(circle) // a line of no width
	b, err := m.finish()
	if err != nil || wellFormed(b) != nil {
		t.Fatal(err, wellFormed(b))
	}
	const want = `<path d="M1,2L3.1416,2e-07" fill="none" stroke="currentColor" stroke-width="1" stroke-dasharray="5,2"/>
<path d="M1,2L3.1416,2e-07" fill="none" stroke="#000000" stroke-width="0.5"/>
<path d="M14,10A4,4,0,0,1,6,10A4,4,0,0,1,14,10Z" fill="#ff0000" fill-opacity="0.2"/>
</g>
`
	if _, drawn, _ := strings.Cut(string(b), "serif\">\n"); !strings.HasPrefix(drawn, want) {
		t.Errorf("it is\n%s", drawn)
	}
}
