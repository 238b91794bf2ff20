package nemesis

import (
	"fmt"
	"strconv"
	"time"

	"faultline/cluster"
)

var slowClients = loadVerb{
	kind:  bySlowClients,
	name:  "slow-clients",
	usage: "20 by 200ms, their number and how long each waits between a few bytes and the next",
	parse: func(l *line) (burden, error) {
		word := l.next()
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > maxSlow {
			return nil, l.errorf("%q is not a number of clients; give 1 to %d", word, maxSlow)
		}
		if err := parseWord(l, "by", "20 by 200ms"); err != nil {
			return nil, err
		}
		pace, err := parseAmountOfTime(l, time.Millisecond)
		if err == nil && pace > maxPace {
			err = l.errorf("%v is too long; give %v or less", pace, maxPace)
		}
		return crowd{n, pace}, err
	},
	none: crowd{},
}

const (
	maxSlow = 1000
	maxPace = 10 * time.Second // a test waits for its last slow client
)

// crowd is how many slow clients there are, and how slow they are.
type crowd struct {
	count int
	pace  time.Duration
}

func (c crowd) String() string { return fmt.Sprintf("%d by %v", c.count, c.pace) }

func (c crowd) put(on cluster.Load) { on.SlowClients(c.count, c.pace) }

func (c crowd) lighter() []burden {
	var less []burden
	for _, n := range []int{1, c.count / 2} {
		if n >= 1 && n < c.count {
			less = append(less, crowd{n, c.pace})
		}
	}
	return less
}
