package results

import (
	"cmp"
	"html/template"
	"image/color"
	"math"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"faultline/history"
	"faultline/history/stats"
)

const (
	frontierHeight  = 390 * vg.Length(1)
	stalenessHeight = 260 * vg.Length(1)
)

// latencyFrontier sets the strongest model that is left against what an operation takes when nothing is broken: a read, or a transaction.
func latencyFrontier(t *ComparisonTable, models []string) (comparisonPlot, error) {
	class := t.classes()[0]
	at := func(r *ComparisonRow) (float64, bool) {
		l := latencyOf(r.Stats.Phase(stats.Healthy).Functions, class.has, func(f stats.FunctionStats) stats.Latency { return f.Latency })
		return float64(l.P50) / 1e6, l.Count > 0
	}
	return frontier(t, models, "Consistency against latency: median "+class.one+" while nothing is broken, in ms", at)
}

// availabilityFrontier sets it against the share of reads, or of transactions, that is served while no node can reach a majority, or while something
// is broken where that never was so.
func availabilityFrontier(t *ComparisonTable, models []string) (comparisonPlot, error) {
	class := t.classes()[0]
	phase, title := stats.NoQuorum, "Consistency against availability: "+class.name+" served while no node can reach a majority, in %"
	if !slices.ContainsFunc(t.Rows, func(r ComparisonRow) bool { return r.Stats.Phase(stats.NoQuorum).Invoked > 0 }) {
		phase, title = stats.Faulty, "Consistency against availability: "+class.name+" served while something is broken, in %"
	}
	at := func(r *ComparisonRow) (float64, bool) {
		ok, asked := answered(r.Stats.Phase(phase).Functions, class.has)
		return 100 * float64(ok) / float64(max(1, asked)), asked > 0
	}
	return frontier(t, models, title, at)
}

// frontier draws each setup by a quantity and the strongest model that no run refuted.
func frontier(t *ComparisonTable, models []string, title string, at func(*ComparisonRow) (float64, bool)) (comparisonPlot, error) {
	p := themedPlot()
	ticks := modelTicks{}
	for i, m := range models {
		ticks = append(ticks, plot.Tick{Value: float64(-i), Label: m})
	}
	p.Y.Tick.Marker = ticks
	p.Y.Min, p.Y.Max = 0.5-float64(len(models)), 0.7
	var places placed
	highest := 0.0
	for i := range t.Rows {
		r := &t.Rows[i]
		if x, ok := at(r); ok && len(r.Strongest) > 0 {
			places = append(places, place{x: x, y: float64(-slices.Index(models, r.Strongest[0])), name: r.Setup})
			highest = max(highest, x)
		}
	}
	p.X.Min, p.X.Max = 0, 1.2*max(highest, 1)
	p.X.Tick.Marker = plot.TickerFunc(roundTicks)
	p.Add(horizontalLines{}, places)
	return inPage(p, title, frontierHeight)
}

// roundTicks are some six at round numbers.
func roundTicks(_, highest float64) []plot.Tick {
	step := 0.001
	for i := 0; highest/step > 8; i++ {
		step *= []float64{2, 2.5, 2}[i%3] // 1, 2, 5, 10, …
	}
	var ticks []plot.Tick
	for k := 0; float64(k)*step <= highest; k++ {
		ticks = append(ticks, plot.Tick{Value: float64(k) * step, Label: strconv.FormatFloat(float64(k)*step, 'g', 6, 64)})
	}
	return ticks
}

// place is where a setup is, by its name.
type place struct {
	x, y float64
	name string
}

// placed draws points with their names next to them, where no other name is.
type placed []place

// labelHeights are where a name may be, above or below the middle of its point.
var labelHeights = []vg.Length{-3, 6, -12}

// Plot implements plot.Plotter.
func (all placed) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Compare(a.x, b.x) })
	style := textStyle(9)
	var taken []vg.Rectangle
	for _, at := range all {
		taken = append(taken, square(vg.Point{X: x(at.x), Y: y(at.y)}, 4))
	}
	for _, at := range all {
		center := vg.Point{X: x(at.x), Y: y(at.y)}
		c.DrawGlyph(draw.GlyphStyle{Color: outcomeColors[history.OK], Radius: 4, Shape: draw.CircleGlyph{}}, center)
		var best vg.Point
		for _, height := range labelHeights {
			offset := vg.Point{X: free(style.Rectangle(at.name), center.Add(vg.Point{X: 6, Y: height}), taken), Y: center.Y + height}
			if best.X == 0 || offset.X < best.X {
				best = offset
			}
		}
		c.FillText(style, best, at.name)
		taken = append(taken, style.Rectangle(at.name).Add(best))
	}
}

// free is the first place to the right of a point, at its height, where a text of this size fits in.
func free(size vg.Rectangle, from vg.Point, taken []vg.Rectangle) vg.Length {
	for range taken {
		k := slices.IndexFunc(taken, func(r vg.Rectangle) bool { return overlap(r, size.Add(from)) })
		if k < 0 {
			break
		}
		from.X = taken[k].Max.X + 5
	}
	return from.X
}

func square(center vg.Point, radius vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: center.Sub(vg.Point{X: radius, Y: radius}), Max: center.Add(vg.Point{X: radius, Y: radius})}
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

type modelTicks []plot.Tick

// Ticks implements plot.Ticker.
func (r modelTicks) Ticks(_, _ float64) []plot.Tick { return r }

// stalenessPlot draws what share of the reads was older than any age.
func stalenessPlot(t *ComparisonTable, _ []string) (comparisonPlot, error) {
	p := themedPlot()
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0.001, 100, 0.0001, 1
	p.X.Tick.Marker = namedTicks{{0.001, "1ms"}, {0.01, "10ms"}, {0.1, "100ms"}, {1, "1s"}, {10, "10s"}, {100, "100s"}}
	p.Y.Tick.Marker = namedTicks{{0.0001, "1 in 10,000"}, {0.001, "1 in 1,000"}, {0.01, "1 %"}, {0.1, "10 %"}, {1, "all"}}
	p.Add(horizontalLines{})
	drawnLines := 0
	for i := range t.Rows {
		line := older(t.Rows[i].Measures.Age)
		if len(line) == 0 {
			continue
		}
		l, err := plotter.NewLine(line)
		if err != nil {
			return comparisonPlot{}, err
		}
		l.Color, l.Width, l.Dashes = lineColors[drawnLines%len(lineColors)], 1.5, lineDashes[drawnLines/len(lineColors)%len(lineDashes)]
		drawnLines++
		p.Add(l)
		p.Legend.Add(t.Rows[i].Setup, l)
	}
	p.Legend.Top, p.Legend.TextStyle = true, textStyle(9)
	title := "How old reads were: the share that was older, by age"
	if drawnLines == 0 {
		title += " (no read was old)"
	}
	return inPage(p, title, stalenessHeight)
}

// older are the ages that are not 0, each with the share of the reads that was at least so old.
func older(ages stats.Latency) plotter.XYs {
	var line plotter.XYs
	last := time.Duration(0)
	for share := 1.0; share >= 0.0001; share /= math.Pow(10, 0.05) {
		if age := ages.Quantile(100 * (1 - share)); age >= time.Millisecond && age != last {
			line = append(line, plotter.XY{X: min(age.Seconds(), 100), Y: share})
			last = age
		}
	}
	return line
}

var lineColors = []color.Color{
	color.RGBA{0x1f, 0x77, 0xb4, 0xff}, color.RGBA{0xd6, 0x5f, 0x0e, 0xff}, color.RGBA{0x2c, 0xa0, 0x2c, 0xff},
	color.RGBA{0x94, 0x67, 0xbd, 0xff}, color.RGBA{0xb8, 0x86, 0x0b, 0xff}, color.RGBA{0x17, 0x9e, 0xa8, 0xff},
}

var lineDashes = [][]vg.Length{nil, {5, 2}, {2, 1.5}}

type namedTicks []struct {
	at   float64
	name string
}

// Ticks implements plot.Ticker.
func (d namedTicks) Ticks(_, _ float64) []plot.Tick {
	var ticks []plot.Tick
	for _, t := range d {
		ticks = append(ticks, plot.Tick{Value: t.at, Label: t.name})
	}
	return ticks
}

// themedPlot is an empty plot with text in the colour of whoever shows it.
func themedPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color = ink, ink
		axis.Padding, axis.Tick.Length = 0, 4
		axis.Tick.Label.Color, axis.Tick.Label.Font = ink, textStyle(9).Font
	}
	return p
}

func inPage(p *plot.Plot, title string, height vg.Length) (comparisonPlot, error) {
	m := &svg{}
	p.Draw(draw.New(m.begin(plotWidth, height)))
	b, err := m.finish()
	if err != nil {
		return comparisonPlot{}, err
	}
	return comparisonPlot{Title: title, SVG: template.HTML(b)}, nil
}
