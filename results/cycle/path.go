package cycle

import (
	"fmt"
	"math"
	"strings"
)

type point struct{ x, y float64 }

const bendRadius = 9

// drawing is the layout with what has been worked out.
func (l *layout) drawing() Drawing {
	d := Drawing{Lanes: []Lane{}, Boxes: []Box{}, Arrows: []Arrow{}}
	for _, n := range l.nodes {
		b := l.box(n)
		d.Boxes = append(d.Boxes, b)
		d.Width, d.Height = max(d.Width, b.X+b.Width), max(d.Height, b.Y+b.Height+lanePadding)
	}
	sentences := Sentences(l.finding)
	for _, r := range l.routes {
		s := l.finding.Steps[r.step]
		points := l.points(r)
		a := Arrow{Step: r.step, From: s.From, To: s.To, Kind: shown(string(s.Kind), longestLine), Label: l.label(r), Sentence: sentences[r.step]}
		a.Path, a.Head = path(points)
		for _, p := range points {
			d.Width, d.Height = max(d.Width, p.x), max(d.Height, p.y)
		}
		d.Width, d.Height = max(d.Width, a.Label.X+a.Label.Width), max(d.Height, a.Label.Y+a.Label.Height)
		d.Arrows = append(d.Arrows, a)
	}
	d.Width, d.Height = math.Ceil(d.Width+margin), math.Ceil(d.Height+margin)
	for lane, process := range l.lanes {
		d.Lanes = append(d.Lanes, Lane{laneLabel(process), l.top[lane], l.height[lane]})
	}
	return d
}

func (l *layout) box(n *node) Box {
	b := Box{Operation: n.operation, X: n.x, Y: l.boxTop(n), Width: n.width, Height: n.height(), Open: n.open, Aside: n.steps == 0, Lines: n.text.lines, Title: l.title(n)}
	for i := range b.Lines {
		b.Lines[i].X, b.Lines[i].Y = b.X+boxPadding, b.Y+boxPadding/2+lineHeight*(float64(i)+0.72)
	}
	return b
}

// title is an operation in full.
func (l *layout) title(n *node) string {
	if n.operation < 0 {
		return l.finding.Called(n.operation)
	}
	return strings.TrimSpace(laneLabel(l.lanes[n.lane]) + " " + l.finding.Operations[n.operation].Text)
}

// boxTop is where a box begins, in the middle of its lane.
func (l *layout) boxTop(n *node) float64 {
	return l.top[n.lane] + (l.height[n.lane]-n.height())/2
}

func (l *layout) middle(n *node) float64 { return l.boxTop(n) + n.height()/2 }

// points are the corners of an arrow's line.
func (l *layout) points(r *route) []point {
	if r.level {
		return []point{{r.from.right(), l.middle(r.from)}, {r.to.x, l.middle(r.to)}}
	}
	first, last := r.legs[0], r.legs[len(r.legs)-1]
	points := []point{{first.begin.x, l.edge(r.from, first.begin.above)}}
	for _, g := range r.legs {
		y := l.channels[g.channel].y(g.track)
		points = append(points, point{g.begin.x, y}, point{g.finish.x, y})
	}
	return append(points, point{last.finish.x, l.edge(r.to, last.finish.above)})
}

// edge is the bottom of a box, or its top.
func (l *layout) edge(n *node, bottom bool) float64 {
	if bottom {
		return l.boxTop(n) + n.height()
	}
	return l.boxTop(n)
}

// label is the label of an arrow, in its place.
func (l *layout) label(r *route) Label {
	label := r.label
	if r.level {
		label.X = (r.from.right() + r.to.x - headLength - label.Width) / 2
		label.Y = l.middle(r.from) - labelHeight/2
		return label
	}
	g := r.longestLeg()
	label.Y = l.channels[g.channel].y(g.track) - labelHeight/2
	return label
}

// path is a line with round corners through some points, and the tip at its end.
func path(points []point) (line, head string) {
	points = corners(points)
	last, before := points[len(points)-1], points[len(points)-2]
	base := toward(last, before, headLength)
	side := point{(last.y - base.y) / 2, (base.x - last.x) / 2}
	head = fmt.Sprintf("M%s L%s L%s Z", last, point{base.x + side.x, base.y + side.y}, point{base.x - side.x, base.y - side.y})
	points[len(points)-1] = base
	var b strings.Builder
	fmt.Fprintf(&b, "M%s", points[0])
	for i := 1; i < len(points)-1; i++ {
		radius := min(bendRadius, points[i].distance(points[i-1])/2, points[i].distance(points[i+1])/2)
		fmt.Fprintf(&b, " L%s Q%s %s", toward(points[i], points[i-1], radius), points[i], toward(points[i], points[i+1], radius))
	}
	fmt.Fprintf(&b, " L%s", base)
	return b.String(), head
}

// corners leaves out points that are on the line between their neighbours.
func corners(points []point) []point {
	kept := points[:1:1]
	for i := 1; i < len(points); i++ {
		p := points[i]
		if p == kept[len(kept)-1] {
			continue
		}
		if n := len(kept); n > 1 && (kept[n-2].x == kept[n-1].x && kept[n-1].x == p.x || kept[n-2].y == kept[n-1].y && kept[n-1].y == p.y) {
			kept = kept[:n-1]
		}
		kept = append(kept, p)
	}
	return kept
}

// toward is the point at a distance from a, on the way to b.
func toward(a, b point, distance float64) point {
	d := a.distance(b)
	return point{a.x + (b.x-a.x)*distance/d, a.y + (b.y-a.y)*distance/d}
}

func (p point) distance(q point) float64 { return math.Hypot(p.x-q.x, p.y-q.y) }

func (p point) String() string { return fmt.Sprintf("%.1f,%.1f", p.x, p.y) }
