package results

import "gonum.org/v1/plot/vg"

// sieve leaves out points that lie on others, of which there may be any number: of those in one cell of a grid it keeps the first. The grid gets
// coarser until what it keeps is few enough. As long as all points have room it keeps them, so that the grid is as fine as can be.
type sieve struct {
	most   int      // points to keep
	corner vg.Point // to which points go, from zero
	count  int      // points so far
	kept   []vg.Point
	cell   vg.Length
	taken  []bool // the cells of a row after those of another; nil as long as all points are kept
}

// pointsAtOnce is how many points have room.
const pointsAtOnce = 1 << 16

func (s *sieve) add(pt vg.Point) {
	s.count++
	if s.taken == nil {
		if s.kept = append(s.kept, pt); len(s.kept) == pointsAtOnce {
			s.thin()
		}
		return
	}
	if s.take(pt); len(s.kept) > s.most {
		s.thin()
	}
}

// left are the points that are drawn.
func (s *sieve) left() []vg.Point {
	if s.taken == nil {
		s.thin()
	}
	return s.kept
}

// thin takes the finest grid that is coarse enough.
func (s *sieve) thin() {
	all := s.kept
	for s.taken == nil || len(s.kept) > s.most {
		s.cell = max(0.5, 1.25*s.cell)
		s.taken, s.kept = make([]bool, s.columns()*(s.place(s.corner.Y)+1)), nil
		for _, pt := range all {
			s.take(pt)
		}
	}
}

// take keeps a point if it is the first in its cell.
func (s *sieve) take(pt vg.Point) {
	at := s.place(pt.Y)*s.columns() + s.place(pt.X)
	if !s.taken[at] {
		s.taken[at] = true
		s.kept = append(s.kept, pt)
	}
}

func (s *sieve) columns() int { return s.place(s.corner.X) + 1 }

// place is the column or the row of a cell.
func (s *sieve) place(x vg.Length) int { return int(x / s.cell) }
