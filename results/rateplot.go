package results

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"faultline/history"
	"faultline/internal/wording"
)

const ratePanel = 110 * vg.Length(1)

// maxPanels bounds how many functions get a panel of their own; the last panel has all others.
const maxPanels = 8

// ratePlot draws how many operations of each function ended how, by the time at which they did.
func ratePlot(on medium, s *sketch) ([]byte, error) {
	f := newFigure(on, "Operations a second, by time of completion", s.faults, s.end, vg.Length(len(s.panels))*ratePanel)
	f.rates(s.panels)
	return on.finish()
}

// rates draws the panels.
func (f *figure) rates(panels []*panel) {
	for _, panel := range panels {
		p := f.newPlot()
		p.Y.Tick.Marker = plot.TickerFunc(rateTicks)
		p.Y.Min, p.Y.Max = 0, max(1, 1.05*panel.highest())
		p.Add(horizontalLines{})
		for _, outcome := range outcomes {
			p.Add(steps{outcome: outcome, rates: panel.rates[outcome], bins: panel.bins})
		}
		f.canvas.FillText(textStyle(10), vg.Point{X: 4, Y: f.top - 14}, wording.Line(panel.f, 12))
		f.panel(p, ratePanel)
	}
}

// rateTicks are the ticks that gonum/plot chooses, without its trailing zeros.
func rateTicks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i := range ticks {
		if !ticks[i].IsMinor() {
			ticks[i].Label = strconv.FormatFloat(ticks[i].Value, 'g', 5, 64)
		}
	}
	return ticks
}

// bins cut the time of a run into at most a hundred pieces of a round width. The last one has what is
// left, between half a width and one and a half.
type bins struct {
	width, end time.Duration
	n          int
}

func newBins(end time.Duration) bins {
	b := bins{width: binWidth(end), end: end}
	b.n = max(1, int((end+b.width/2)/b.width))
	return b
}

func binWidth(end time.Duration) time.Duration {
	for unit := 100 * time.Millisecond; ; unit *= 10 {
		for _, n := range []time.Duration{1, 2, 5} {
			if n*unit*100 >= end {
				return n * unit
			}
		}
	}
}

func (b bins) of(t time.Duration) int { return min(int(t/b.width), b.n-1) }

func (b bins) bounds(i int) (from, to time.Duration) {
	if i == b.n-1 {
		return time.Duration(i) * b.width, max(b.end, time.Millisecond)
	}
	return time.Duration(i) * b.width, time.Duration(i+1) * b.width
}

// panel is the rates of one function: for each outcome, operations a second in each bin.
type panel struct {
	f     string
	count int
	bins  bins
	rates map[history.Type][]float64
}

func newPanel(f string, b bins) *panel {
	return &panel{f: f, bins: b, rates: map[history.Type][]float64{}}
}

func (p panel) highest() float64 {
	highest := 0.0
	for _, rates := range p.rates {
		highest = max(highest, slices.Max(rates))
	}
	return highest
}

// add counts an operation where it was completed.
func (p *panel) add(op *history.Operation) {
	p.count++
	if op.Returned < 0 {
		return
	}
	if p.rates[op.Outcome] == nil {
		p.rates[op.Outcome] = make([]float64, p.bins.n)
	}
	i := p.bins.of(op.Return)
	from, to := p.bins.bounds(i)
	p.rates[op.Outcome][i] += 1 / (to - from).Seconds()
}

// merge adds the operations of another function.
func (p *panel) merge(other *panel) {
	for outcome, rates := range other.rates {
		if p.rates[outcome] == nil {
			p.rates[outcome] = make([]float64, p.bins.n)
		}
		for i, rate := range rates {
			p.rates[outcome][i] += rate
		}
	}
}

// ratePanels are the panels by name of the function. If there are too many functions the busiest have
// panels and the others share the last one.
func ratePanels(all map[string]*panel, b bins) []*panel {
	byCount := slices.SortedFunc(maps.Values(all), func(a, b *panel) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.f, b.f)) })
	shown, rest := byCount, []*panel(nil)
	if len(byCount) > maxPanels {
		shown, rest = byCount[:maxPanels-1], byCount[maxPanels-1:]
	}
	slices.SortFunc(shown, func(a, b *panel) int { return cmp.Compare(a.f, b.f) })
	if rest == nil {
		return shown
	}
	others := newPanel("other", b)
	for _, p := range rest {
		others.merge(p)
	}
	return append(shown, others)
}

// steps draws the rates of one outcome.
type steps struct {
	outcome history.Type
	rates   []float64
	bins    bins
}

// dashes tell the outcomes apart without their colours.
var dashes = map[history.Type][]vg.Length{history.Info: {5, 2}, history.Fail: {2, 1.5}}

// Plot implements plot.Plotter.
func (s steps) Plot(c draw.Canvas, p *plot.Plot) {
	if len(s.rates) == 0 {
		return
	}
	x, y := p.Transforms(&c)
	var line []vg.Point
	for i, rate := range s.rates {
		from, to := s.bins.bounds(i)
		line = append(line, vg.Point{X: x(from.Seconds()), Y: y(rate)}, vg.Point{X: x(to.Seconds()), Y: y(rate)})
	}
	style := draw.LineStyle{Color: outcomeColors[s.outcome], Width: 1.5, Dashes: dashes[s.outcome]}
	c.StrokeLines(style, line)
}
