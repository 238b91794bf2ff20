package guest_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"faultline/cluster/guest"
	"faultline/cluster/scheduler"
	"faultline/cluster/sim"
)

// The same seed gives the same run of a program, however busy the machine is, and another seed another one.
func TestTheSameSeedIsTheSameRun(t *testing.T) {
	stop := make(chan bool)
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			//lint:ignore SA5004 to keep the processor busy is what it is for
			default:
			}
		}
	}()
	run := func(seed uint64) (out string) {
		commands := map[string]guest.Command{"n1": {Args: []string{"work"}, Locks: scheduler.Jitter{One: 3, Most: time.Millisecond}}}
		inLab(t, seed, sim.Hardware{}, commands, func(l *lab) {
			time.Sleep(2 * time.Second)
			out = l.taken()
		})
		return out
	}
	first := run(1)
	for range 9 {
		if again := run(1); again != first {
			t.Fatalf("%s\nand then\n%s", first, again)
		}
	}
	if other := run(2); other == first {
		t.Errorf("another seed gives the same\n%s", other)
	}
}

// What a program finds after a crash or a loss of power is what its disk says that it keeps, whatever it was doing.
func TestAProgramFindsWhatItsDiskKeeps(t *testing.T) {
	for seed := range losses {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			draw := rand.New(rand.NewPCG(seed, 0))
			system := []string{"ext4", "strict", "lazy"}[seed%3]
			commands := map[string]guest.Command{"n1": {Args: []string{"churn", fmt.Sprint(seed)}, Calls: scheduler.Jitter{One: 4, Most: time.Millisecond}}}
			inLab(t, seed, sim.Hardware{FileSystem: system}, commands, func(l *lab) {
				for range 5 {
					time.Sleep(time.Duration(draw.IntN(40_000)) * time.Microsecond)
					if draw.IntN(4) == 0 {
						l.check(l.Crash("n1"))
					} else {
						l.check(l.PowerLoss("n1"))
					}
					time.Sleep(time.Second)
					kept := l.tree("n1")
					l.taken()
					l.check(l.Restart("n1"))
					time.Sleep(2 * time.Millisecond) // it has started and looked
					found, _, began := strings.Cut(strings.ReplaceAll(l.taken(), "n1: ", ""), "begins\n")
					if !began || found != kept {
						l.t.Fatalf("it finds\n%s\nand its disk has\n%s", found, kept)
					}
				}
			})
		})
	}
}
