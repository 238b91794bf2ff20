package results

import (
	"fmt"
	"html"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svg is a medium for pages, and its own canvas: text is in the colour of whoever shows it, light or dark, and in a font that is
// there. What no figure needs of a canvas, such as images and rotation, is missing.
type svg struct {
	vg.Canvas     // nil
	width, height vg.Length
	drawn         []byte
	pen           pen
	pushed        []pen
}

// pen is how things are drawn.
type pen struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
}

func (m *svg) begin(width, height vg.Length) vg.CanvasSizer {
	m.width, m.height = width, height
	vg.Initialize(m)
	return m
}

// atOnce is all of them: a path for each point would take ten times the bytes.
func (m *svg) atOnce() int { return math.MaxInt }

// finish returns the file. The origin of a canvas is at the bottom left.
func (m *svg) finish() ([]byte, error) {
	const head = `<svg width="%[1]gpt" height="%[2]gpt" viewBox="0 0 %[1]g %[2]g" xmlns="http://www.w3.org/2000/svg">
<style>svg{color:#222}@media(prefers-color-scheme:dark){svg{color:#ddd}}</style>
<g transform="scale(1, -1) translate(0, -%[2]g)" font-family="Liberation Sans,Arial,Helvetica,sans-serif">
`
	b := fmt.Appendf(make([]byte, 0, 512+len(m.drawn)), head, m.width.Points(), m.height.Points())
	return append(append(b, m.drawn...), "</g>\n</svg>\n"...), nil
}

// Size implements vg.CanvasSizer.
func (m *svg) Size() (width, height vg.Length) { return m.width, m.height }

// SetLineWidth implements vg.Canvas.
func (m *svg) SetLineWidth(w vg.Length) { m.pen.width = w }

// SetLineDash implements vg.Canvas.
func (m *svg) SetLineDash(dashes []vg.Length, _ vg.Length) { m.pen.dashes = dashes }

// SetColor implements vg.Canvas.
func (m *svg) SetColor(c color.Color) { m.pen.color = c }

// Push implements vg.Canvas.
func (m *svg) Push() { m.pushed = append(m.pushed, m.pen) }

// Pop implements vg.Canvas.
func (m *svg) Pop() {
	last := len(m.pushed) - 1
	m.pen, m.pushed = m.pushed[last], m.pushed[:last]
}

// Stroke implements vg.Canvas.
func (m *svg) Stroke(p vg.Path) {
	if m.pen.width <= 0 {
		return
	}
	m.path(p)
	m.write(`" fill="none`)
	m.paint("stroke")
	m.write(`" stroke-width="`)
	m.numbers(m.pen.width)
	if len(m.pen.dashes) > 0 {
		m.write(`" stroke-dasharray="`)
		m.numbers(m.pen.dashes...)
	}
	m.write("\"/>\n")
}

// Fill implements vg.Canvas.
func (m *svg) Fill(p vg.Path) {
	m.path(p)
	m.paint("fill")
	m.write("\"/>\n")
}

// FillString implements vg.Canvas.
func (m *svg) FillString(face font.Face, at vg.Point, s string) {
	m.write(`<text transform="scale(1, -1)" x="`)
	m.numbers(at.X)
	m.write(`" y="`)
	m.numbers(-at.Y)
	m.write(`" font-size="`)
	m.numbers(face.Font.Size)
	m.paint("fill")
	m.write(`">` + html.EscapeString(s) + "</text>\n")
}

func (m *svg) write(s string) { m.drawn = append(m.drawn, s...) }

// paint writes the attributes that give something the colour of the pen, without the last quote.
func (m *svg) paint(what string) {
	name, opacity := "currentColor", uint8(math.MaxUint8)
	if m.pen.color != color.Color(ink) {
		c := color.NRGBAModel.Convert(m.pen.color).(color.NRGBA)
		name, opacity = fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B), c.A
	}
	m.write(`" ` + what + `="` + name)
	if opacity < math.MaxUint8 {
		m.write(fmt.Sprintf(`" %s-opacity="%.3g`, what, float64(opacity)/math.MaxUint8))
	}
}

// path begins an element with a path, without the last quote.
func (m *svg) path(p vg.Path) {
	m.write(`<path d="`)
	for _, part := range p {
		switch part.Type {
		case vg.MoveComp:
			m.write("M")
			m.numbers(part.Pos.X, part.Pos.Y)
		case vg.LineComp:
			m.write("L")
			m.numbers(part.Pos.X, part.Pos.Y)
		case vg.ArcComp:
			m.arc(part)
		case vg.CloseComp:
			m.write("Z")
		default:
			panic("results: a figure has no curves")
		}
	}
}

// arc writes two halves, as SVG has no arc that ends where it begins. The path is at its begin.
func (m *svg) arc(a vg.PathComp) {
	turn := vg.Length(0)
	if a.Angle > 0 {
		turn = 1
	}
	for _, angle := range []float64{a.Start + a.Angle/2, a.Start + a.Angle} {
		sin, cos := math.Sincos(angle)
		m.write("A")
		m.numbers(a.Radius, a.Radius, 0, 0, turn, a.Pos.X+a.Radius*vg.Length(cos), a.Pos.Y+a.Radius*vg.Length(sin))
	}
}

// numbers writes lengths in points, to a hundredth where a figure is a thousand wide.
func (m *svg) numbers(all ...vg.Length) {
	for i, x := range all {
		if i > 0 {
			m.drawn = append(m.drawn, ',')
		}
		m.drawn = strconv.AppendFloat(m.drawn, x.Points(), 'g', 5, 64)
	}
}
