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
func latencyPlot(on medium, s *sketch) ([]byte, error) {
	f := newFigure(on, "Latency by time of invocation", s.faults, s.end, latencyPanel)
	if err := f.latencies(s); err != nil {
		return nil, err
	}
	return on.finish()
}

// latencies draws the panel.
func (f *figure) latencies(s *sketch) error {
	p := f.newPlot()
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = plot.TickerFunc(latencyTicks)
	p.Y.Min, p.Y.Max = s.decades()
	dots := &scatter{sketch: s, atOnce: f.atOnce}
	p.Add(horizontalLines{}, dots)
	f.panel(p, latencyPanel)
	return dots.err
}

// latency is how long an operation took until its client knew, or gave up.
func latency(op *history.Operation) (seconds float64, ok bool) {
	if op.Returned < 0 {
		return 0, false
	}
	return max(op.Return-op.Invoke, time.Microsecond).Seconds(), true
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

// scatter draws the operations, those of one outcome after those of another.
type scatter struct {
	sketch *sketch
	atOnce int
	err    error
}

// Plot implements plot.Plotter.
func (s *scatter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	dots := map[history.Type]*sieve{}
	for _, outcome := range outcomes {
		dots[outcome] = &sieve{most: maxDots, corner: c.Max}
	}
	for op, err := range s.sketch.operations {
		if err != nil {
			s.err = err
			return
		}
		if seconds, ok := latency(op); ok {
			dots[op.Outcome].add(vg.Point{X: x(op.Invoke.Seconds()), Y: y(seconds)})
		}
	}
	for _, outcome := range outcomes {
		size := vg.Length(1)
		if dots[outcome].count < fewDots {
			size = 1.6
		}
		for part := range slices.Chunk(dots[outcome].left(), s.atOnce) {
			glyphs{outcome: outcome, at: part, scale: size}.draw(c)
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
