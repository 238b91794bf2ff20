package results

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"

	"faultline/history"
	"faultline/internal/wording"
)

const laneHeight = 13 * vg.Length(1)

// lane is the faults of one kind, merged where they overlap.
type lane struct {
	kind   string
	color  color.NRGBA
	faults []history.Fault // in order of time; only their times matter
}

// faultColors are told apart from each other and from the colours of outcomes.
var faultColors = []color.NRGBA{
	{0x8c, 0x6b, 0xb1, 0xff}, {0x4f, 0x9d, 0x69, 0xff}, {0xc4, 0x5b, 0x4e, 0xff},
	{0x8a, 0x7a, 0x4f, 0xff}, {0x4b, 0x8f, 0xa3, 0xff}, {0x77, 0x77, 0x77, 0xff},
}

// maxLanes bounds how many kinds of faults get a lane of their own; the last lane has all others.
const maxLanes = 8

// faultLanes are the lanes of some faults, by kind.
func faultLanes(faults []history.Fault) []lane {
	byKind := map[string][]history.Fault{}
	var kinds []string
	for _, f := range faults {
		if byKind[f.Kind] == nil {
			kinds = append(kinds, f.Kind)
		}
		byKind[f.Kind] = append(byKind[f.Kind], f)
	}
	slices.Sort(kinds)
	var lanes []lane
	for i, kind := range kinds {
		if i < maxLanes {
			lanes = append(lanes, lane{kind: wording.Line(kind, 14), color: faultColors[i%len(faultColors)]})
		} else {
			lanes[maxLanes-1].kind = "other"
		}
		last := &lanes[len(lanes)-1]
		last.faults = append(last.faults, byKind[kind]...)
	}
	for i := range lanes {
		lanes[i].faults = merged(lanes[i].faults)
	}
	return lanes
}

// merged joins faults that overlap or touch.
func merged(faults []history.Fault) []history.Fault {
	slices.SortFunc(faults, func(a, b history.Fault) int {
		return cmp.Or(cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.End, b.End))
	})
	var joined []history.Fault
	for _, f := range faults {
		if n := len(joined); n > 0 && f.Begin <= joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, f.End)
			continue
		}
		joined = append(joined, f)
	}
	return joined
}

// drawLanes draws a bar for each fault, below the headline.
func (f *figure) drawLanes() {
	style := textStyle(9)
	style.XAlign = -1 // ends where it is put
	for _, l := range f.lanes {
		f.top -= laneHeight
		f.canvas.FillText(style, vg.Point{X: labelColumn - 6, Y: f.top + 3}, l.kind)
		f.canvas.SetColor(l.color)
		f.fill(l, f.top+2, f.top+laneHeight-2)
	}
}

// shade draws the faults as bands behind a panel.
func (f *figure) shade(low, high vg.Length) {
	for _, l := range f.lanes {
		l.color.A = 0x26
		f.canvas.SetColor(l.color)
		f.fill(l, low, high)
	}
}

// fill draws the bars of a lane.
func (f *figure) fill(l lane, low, high vg.Length) {
	for some := range slices.Chunk(f.bars(l), f.atOnce) {
		var path vg.Path
		for _, b := range some {
			path.Move(vg.Point{X: b.left, Y: low})
			path.Line(vg.Point{X: b.right, Y: low})
			path.Line(vg.Point{X: b.right, Y: high})
			path.Line(vg.Point{X: b.left, Y: high})
			path.Close()
		}
		f.canvas.Fill(path)
	}
}

type bar struct{ left, right vg.Length }

// bars are the rectangles of a lane. Those that are too near each other to tell apart are joined, which
// bounds their number.
func (f *figure) bars(l lane) []bar {
	const near = 0.4
	var bars []bar
	for i := 0; i < len(l.faults); {
		left, right := f.x(l.faults[i].Begin), f.x(l.faults[i].End)
		for i++; i < len(l.faults) && f.x(l.faults[i].Begin)-right < near; i++ {
			right = f.x(l.faults[i].End)
		}
		bars = append(bars, bar{left, max(right, left+near)})
	}
	return bars
}
