package nemesis

import (
	"math"
	"strconv"
	"strings"

	"faultline/cluster"
)

var burst = loadVerb{
	kind:  byBurst,
	name:  "burst",
	usage: "x5, for five times as many operations",
	parse: func(l *line) (burden, error) {
		word := l.next()
		digits, ok := strings.CutPrefix(word, "x")
		n, err := strconv.ParseFloat(digits, 64)
		if !ok || err != nil || !(n > 1 && n <= maxFactor) { // said so that it refuses NaN
			return nil, l.errorf("%q does not say how many times as many operations; give more than x1 and at most x%d, such as x5", word, maxFactor)
		}
		return factor(n), nil
	},
	none: factor(1),
}

// maxFactor is more than clients reach that wait for their answers.
const maxFactor = 100

// factor is by how much the rate of operations is multiplied.
type factor float64

func (f factor) String() string { return "x" + strconv.FormatFloat(float64(f), 'f', -1, 64) }

func (f factor) put(on cluster.Load) { on.Burst(float64(f)) }

func (f factor) lighter() []burden {
	var less []burden
	for _, g := range []factor{2, factor(math.Floor(float64(f) / 2))} {
		if g >= 2 && g < f {
			less = append(less, g)
		}
	}
	return less
}
