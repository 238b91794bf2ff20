package history

// processSet is a set of process numbers, at a bit each where they are dense. They are dense in two
// ways: recorders count processes up, and lives counts them up by nextLife. A page therefore holds
// numbers that are nextLife apart, and there are nextLife series of pages.
type processSet struct {
	pages map[pageNumber]*[8]uint64
}

type pageNumber struct{ series, page int }

func place(p int) (n pageNumber, word int, bit uint64) {
	i := p / nextLife
	return pageNumber{p % nextLife, i >> 9}, i >> 6 & 7, 1 << (i & 63)
}

func (s *processSet) has(p int) bool {
	n, word, bit := place(p)
	page := s.pages[n]
	return page != nil && page[word]&bit != 0
}

func (s *processSet) add(p int) {
	n, word, bit := place(p)
	page := s.pages[n]
	if page == nil {
		if s.pages == nil {
			s.pages = map[pageNumber]*[8]uint64{}
		}
		page = new([8]uint64)
		s.pages[n] = page
	}
	page[word] |= bit
}
