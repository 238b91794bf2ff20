package guest_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// A program stays small that allocates much and keeps little. When its memory is collected, and used again, is the same in each run: the
// order of a map shows the addresses of objects, and a pool is emptied by the collector.
func TestMemoryIsUsedAgain(t *testing.T) {
	var said [2]string
	for i := range said {
		commands := map[string]guest.Command{"n1": {Args: []string{"allocate"}}}
		inLab(t, 1, sim.Hardware{}, commands, func(l *lab) {
			time.Sleep(time.Second)
			said[i] = l.taken()
		})
	}
	if said[0] != said[1] {
		t.Errorf("%s\nand then\n%s", said[0], said[1])
	}
	numbers := regexp.MustCompile(`allocated (\d+) MB, has (\d+) MB, collected (\d+) times, paused 0 ns`).FindStringSubmatch(said[0])
	if numbers == nil {
		t.Fatalf("it does not say how much it has:\n%s", said[0])
	}
	var allocated, has, times int
	_, _ = fmt.Sscan(numbers[1]+" "+numbers[2]+" "+numbers[3], &allocated, &has, &times) // they are numbers
	if allocated < 500 || has > 150 || times < 5 {
		t.Error(numbers[0])
	}
}
