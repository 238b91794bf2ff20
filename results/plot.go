package results

import (
	"image/color"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"faultline/history"
)

const (
	plotWidth   = 900 * vg.Length(1)
	labelColumn = 74 * vg.Length(1) // left of the data: axis labels and names of faults
	rightMargin = 14 * vg.Length(1)
	headline    = 22 * vg.Length(1) // the line with the title and the legend
)

// The colours of outcomes are Jepsen's. Outcomes differ by shape as well.
var outcomeColors = map[history.Type]color.Color{
	history.OK:   color.RGBA{0x6d, 0xb6, 0xfe, 0xff},
	history.Info: color.RGBA{0xff, 0xaa, 0x26, 0xff},
	history.Fail: color.RGBA{0xfe, 0xb5, 0xda, 0xff},
}

var outcomes = []history.Type{history.OK, history.Info, history.Fail}

// ink stands for the colour of text, which depends on the theme of whoever looks: see svg.
var (
	ink  = color.RGBA{0x01, 0x02, 0x03, 0xff}
	grid = color.RGBA{0x80, 0x80, 0x80, 0xff}
)

func textStyle(size vg.Length) draw.TextStyle {
	return draw.TextStyle{
		Color:   ink,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		Handler: plot.DefaultTextHandler,
	}
}

// timeTicks are at round seconds, some ten of them.
func timeTicks(from, to float64) []plot.Tick {
	step := 0.001
	for i := 0; (to-from)/step > 12; i++ {
		step *= []float64{2, 2.5, 2}[i%3] // 1, 2, 5, 10, …
	}
	var ticks []plot.Tick
	for k := 0; float64(k)*step <= to; k++ {
		v := float64(k) * step
		ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', 6, 64) + "s"})
	}
	return ticks
}

// figure is a drawing with a title, a legend and a lane for each kind of fault above its panels, all
// on one axis of time.
type figure struct {
	canvas draw.Canvas
	atOnce int // points, or bars, in a path
	lanes  []lane
	end    time.Duration
	top    vg.Length // where the next panel begins
}

// newFigure begins a drawing on the canvas of a medium.
func newFigure(on medium, title string, faults []history.Fault, end time.Duration, panels vg.Length) *figure {
	lanes := faultLanes(faults)
	end = max(end, time.Millisecond) // a run of no time still has an axis
	height := headline + vg.Length(len(lanes))*laneHeight + 6 + panels
	f := &figure{canvas: draw.New(on.begin(plotWidth, height)), atOnce: on.atOnce(), lanes: lanes, end: end, top: height - headline}
	style := textStyle(11)
	f.canvas.FillText(style, vg.Point{X: 4, Y: height - 14}, title)
	f.legend(height - 14)
	f.drawLanes()
	f.top -= 6
	return f
}

// newPlot is an empty plot over the time of the figure, in seconds.
func (f *figure) newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color = ink, ink
		axis.Padding = 0
		axis.Tick.Length = 4
		axis.Tick.Label.Color, axis.Tick.Label.Font = ink, textStyle(9).Font
	}
	p.X.Min, p.X.Max = 0, f.end.Seconds()
	p.X.Tick.Marker = plot.TickerFunc(timeTicks)
	return p
}

// x is where a moment is drawn.
func (f *figure) x(t time.Duration) vg.Length {
	share := min(max(t.Seconds()/f.end.Seconds(), 0), 1)
	return labelColumn + vg.Length(share)*(plotWidth-labelColumn-rightMargin)
}

// panel draws a plot across the figure, below what is there, and shades the faults behind it.
func (f *figure) panel(p *plot.Plot, height vg.Length) {
	c := draw.Crop(f.canvas, 0, 0, f.top-height, f.top-f.canvas.Max.Y)
	data := p.DataCanvas(c)
	c = draw.Crop(c, f.x(0)-data.Min.X, f.x(f.end)-data.Max.X, 0, 0)
	data = p.DataCanvas(c)
	f.shade(data.Min.Y, data.Max.Y)
	p.Draw(c)
	f.top -= height
}

// legend shows the shape and the colour of each outcome, at the right of the headline.
func (f *figure) legend(y vg.Length) {
	x := plotWidth - rightMargin - 130
	for _, outcome := range outcomes {
		glyph := glyphs{outcome: outcome, at: []vg.Point{{X: x, Y: y + 3}}, scale: 1.6}
		glyph.draw(f.canvas)
		f.canvas.FillText(textStyle(9), vg.Point{X: x + 8, Y: y}, outcome.String())
		x += 44
	}
}
