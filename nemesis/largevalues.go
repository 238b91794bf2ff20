package nemesis

import "faultline/cluster"

var largeValues = loadVerb{
	kind:  byLargeValues,
	name:  "large-values",
	usage: "32kB, for values that are so much larger",
	parse: func(l *line) (burden, error) {
		word := l.next()
		n, ok := parseBytes(word, "", maxPadding)
		if !ok {
			return nil, l.errorf("%q is not a size; give a whole number of B, kB or MB, at most %s, such as 32kB", word, formatBytes(maxPadding))
		}
		return size(n), nil
	},
	none: size(0),
}

// maxPadding is what any store should take, in bytes.
const maxPadding = 1e6

// size is by how many bytes each value is larger that is written.
type size int64

func (s size) String() string { return formatBytes(int64(s)) }

func (s size) put(on cluster.Load) { on.LargeValues(int(s)) }

func (s size) lighter() []burden {
	const little = 1000
	var less []burden
	for _, t := range []size{little, s / 2 / little * little} {
		if t >= little && t < s {
			less = append(less, t)
		}
	}
	return less
}
