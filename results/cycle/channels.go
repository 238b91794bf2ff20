package cycle

import (
	"cmp"
	"math"
	"slices"
)

// leg is what a route does in a channel: it comes in at one place, turns into a track and leaves at another.
type leg struct {
	channel int
	begin   end
	finish  end
	track   int
	label   *Label // the route's, if this is its longest leg
}

// end is where a leg enters or leaves its channel.
type end struct {
	x     float64
	above bool // it is the channel's upper edge
}

func (g *leg) left() float64  { return min(g.begin.x, g.finish.x) }
func (g *leg) right() float64 { return max(g.begin.x, g.finish.x) }

// channel is the room below a lane.
type channel struct {
	verticals []float64 // where arrows run up or down in it
	legs      []*leg
	through   []float64 // where they only pass
	height    float64
	top       float64
}

// fewLegs are so few that every order of them in a channel is tried.
const fewLegs = 6

// placeChannels gives each arrow in a channel a track of its own, so that arrows cross seldom, and each lane its place from top to
// bottom.
func (l *layout) placeChannels() {
	for _, r := range l.routes {
		if longest := r.longestLeg(); longest != nil {
			longest.label = &r.label
		}
	}
	y := float64(margin)
	for lane := range l.lanes {
		high := 0.0
		for _, n := range l.nodes {
			if n.lane == lane {
				high = max(high, n.height())
			}
		}
		l.top, l.height = append(l.top, y), append(l.height, high+2*lanePadding)
		y += high + 2*lanePadding
		c := &l.channels[lane]
		c.top, c.height = y, c.arrange()
		y += c.height
	}
}

func (r *route) longestLeg() *leg {
	if len(r.legs) == 0 {
		return nil
	}
	return slices.MaxFunc(r.legs, func(a, b *leg) int { return cmp.Compare(a.right()-a.left(), b.right()-b.left()) })
}

func (n *node) height() float64 { return float64(len(n.text.lines))*lineHeight + boxPadding }

// arrange gives the legs of a channel their tracks, and returns how high it is.
func (c *channel) arrange() float64 {
	if len(c.legs) == 0 {
		return emptyChannel
	}
	order := make([]int, len(c.legs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.legs[a].left(), c.legs[b].left()) })
	best, least := slices.Clone(order), c.crossings(order)
	if len(order) <= fewLegs {
		for slices.Sort(order); ; {
			if n := c.crossings(order); n < least {
				best, least = slices.Clone(order), n
			}
			if !nextPermutation(order) {
				break
			}
		}
	}
	for track, i := range best {
		c.legs[i].track = track
	}
	for _, g := range c.legs {
		if g.label != nil {
			g.label.X = c.labelPlace(g) - g.label.Width/2
		}
	}
	return 2*channelEdge + trackHeight*float64(len(c.legs))
}

// crossings are those between the legs of a channel if they have their tracks in an order.
func (c *channel) crossings(order []int) int {
	count := 0
	for track, i := range order {
		for other, k := range order {
			for _, e := range [...]end{c.legs[k].begin, c.legs[k].finish} {
				crosses := e.x > c.legs[i].left() && e.x < c.legs[i].right() && (e.above && other > track || !e.above && other < track)
				if crosses {
					count++
				}
			}
		}
	}
	return count
}

// labelPlace is where the label of a leg is farthest from arrows that cross its track.
func (c *channel) labelPlace(g *leg) float64 {
	half := g.label.Width / 2
	middle := (g.left() + g.right()) / 2
	best, least := middle, math.Inf(1)
	for x := min(g.left()+half+leastGap, middle); x <= max(g.right()-half-leastGap, middle); x += searchStep {
		covered := max(0, half+leastGap-nearest(c.crossing(g), x))
		if cost := covered*100 + math.Abs(x-middle); cost < least {
			best, least = x, cost
		}
	}
	return best
}

// crossing are the places at which other arrows cross the track of a leg.
func (c *channel) crossing(g *leg) []float64 {
	places := slices.Clone(c.through)
	for _, other := range c.legs {
		for _, e := range [...]end{other.begin, other.finish} {
			if other != g && (e.above && other.track > g.track || !e.above && other.track < g.track) {
				places = append(places, e.x)
			}
		}
	}
	return places
}

// y is the height of a track.
func (c *channel) y(track int) float64 {
	return c.top + channelEdge + trackHeight*(float64(track)+0.5)
}
