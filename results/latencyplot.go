package results

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"faultline/history"
)

const latencyPanel = 300 * vg.Length(1)

// maxDots bounds the dots of one outcome, and thereby the size of the file.
const maxDots = 10_000

// fewDots are so few that each is drawn larger.
const fewDots = 1_000

// latencyPlot draws each operation at the time of its invocation, as high as it took long.
func latencyPlot(on medium, ops []history.Operation, faults []history.Fault, end time.Duration) ([]byte, error) {
	f := newFigure(on, "Latency by time of invocation", faults, end, latencyPanel)
	f.latencies(ops)
	return on.finish()
}

// latencies draws the panel.
func (f *figure) latencies(ops []history.Operation) {
	p := f.newPlot()
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = plot.TickerFunc(latencyTicks)
	p.Y.Min, p.Y.Max = decades(ops)
	p.Add(horizontalLines{})
	for _, outcome := range outcomes {
		p.Add(scatter{outcome: outcome, ops: ops, atOnce: f.atOnce})
	}
	f.panel(p, latencyPanel)
}

// latency is how long an operation took until its client knew, or gave up.
func latency(op *history.Operation) (seconds float64, ok bool) {
	if op.Returned < 0 {
		return 0, false
	}
	return max(op.Return-op.Invoke, time.Microsecond).Seconds(), true
}

// decades are the powers of ten that the latencies lie between.
func decades(ops []history.Operation) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range ops {
		if s, ok := latency(&ops[i]); ok {
			low, high = min(low, s), max(high, s)
		}
	}
	if low > high {
		return 0.001, 1
	}
	low, high = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
	if low == high {
		high *= 10
	}
	return low, high
}

func latencyTicks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Round(math.Log10(low)); e <= math.Round(math.Log10(high)); e++ {
		decade := math.Pow(10, e)
		ticks = append(ticks, plot.Tick{Value: decade, Label: clock(time.Duration(math.Round(decade * 1e9)))})
		for k := 2.0; k < 10 && decade*k < high; k++ {
			ticks = append(ticks, plot.Tick{Value: decade * k})
		}
	}
	return ticks
}

// scatter draws the operations of one outcome.
type scatter struct {
	outcome history.Type
	ops     []history.Operation
	atOnce  int
}

// Plot implements plot.Plotter.
func (s scatter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := make([]vg.Point, 0, len(s.ops))
	for i := range s.ops {
		op := &s.ops[i]
		if seconds, ok := latency(op); ok && op.Outcome == s.outcome {
			at = append(at, vg.Point{X: x(op.Invoke.Seconds()), Y: y(seconds)})
		}
	}
	size := vg.Length(1)
	if len(at) < fewDots {
		size = 1.6
	}
	for part := range slices.Chunk(thin(at, maxDots), s.atOnce) {
		glyphs{outcome: s.outcome, at: part, scale: size}.draw(c)
	}
}

// thin leaves out points that lie on others until at most n are left: of those in one cell of a grid
// only the first is drawn. The grid gets coarser until that is enough.
func thin(points []vg.Point, n int) []vg.Point {
	if len(points) == 0 {
		return nil
	}
	low, high := points[0], points[0]
	for _, pt := range points {
		low.X, low.Y = min(low.X, pt.X), min(low.Y, pt.Y)
		high.X, high.Y = max(high.X, pt.X), max(high.Y, pt.Y)
	}
	for cell := vg.Length(0.5); ; cell *= 1.25 {
		columns, rows := int((high.X-low.X)/cell)+1, int((high.Y-low.Y)/cell)+1
		taken := make([]bool, columns*rows)
		var kept []vg.Point
		for _, pt := range points {
			if at := int((pt.Y-low.Y)/cell)*columns + int((pt.X-low.X)/cell); !taken[at] {
				taken[at] = true
				kept = append(kept, pt)
			}
		}
		if len(kept) <= n {
			return kept
		}
	}
}

// glyphs draws points in the shape and the colour of an outcome, as one path.
type glyphs struct {
	outcome history.Type
	at      []vg.Point
	scale   vg.Length
}

func (g glyphs) draw(c draw.Canvas) {
	path := make(vg.Path, 0, 4*len(g.at))
	width := vg.Length(1)
	line := func(pt vg.Point, offsets ...vg.Length) {
		for i := 0; i < len(offsets); i += 2 {
			to := vg.Point{X: pt.X + g.scale*offsets[i], Y: pt.Y + g.scale*offsets[i+1]}
			if i == 0 {
				path.Move(to)
			} else {
				path.Line(to)
			}
		}
	}
	for _, pt := range g.at {
		switch g.outcome {
		case history.OK: // a square: a line as thick as it is long
			width = 2 * g.scale
			line(pt, -1, 0, 1, 0)
		case history.Info: // a triangle
			line(pt, -2, -1.5, 0, 2, 2, -1.5)
			path.Close()
		default: // a cross
			line(pt, -1.7, -1.7, 1.7, 1.7)
			line(pt, -1.7, 1.7, 1.7, -1.7)
		}
	}
	if len(path) == 0 {
		return
	}
	c.SetLineStyle(draw.LineStyle{Color: outcomeColors[g.outcome], Width: width})
	c.Stroke(path)
}

// horizontalLines is a grid at the labelled ticks of the vertical axis.
type horizontalLines struct{}

// Plot implements plot.Plotter.
func (horizontalLines) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	style := draw.LineStyle{Color: grid, Width: 0.25}
	for _, tick := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if at := y(tick.Value); !tick.IsMinor() && c.ContainsY(at) {
			c.StrokeLine2(style, c.Min.X, at, c.Max.X, at)
		}
	}
}
