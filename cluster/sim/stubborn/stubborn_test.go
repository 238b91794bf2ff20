package stubborn_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/sim"
	"faultline/cluster/sim/stubborn"
)

// idle is a program that does nothing.
type idle struct{}

func (idle) Role() (string, uint64) { return "idle", 0 }
func (idle) Stop() error            { return nil }

// TestRepeats: what is not acknowledged is sent again, together with what else waits, and what is, is not.
func TestRepeats(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []int
		deaf := true
		c, err := sim.New(sim.Config{Dir: dir, Nodes: []string{"n1", "n2"}, Boot: func(p *sim.Process) (sim.Program, error) {
			links := stubborn.New(p, 100*time.Millisecond, func(m int) int { return m }, func(_ string, batch []int) bool {
				mu.Lock()
				defer mu.Unlock()
				if !deaf {
					got = append(got, batch...)
				}
				return !deaf
			})
			if p.Node() == "n1" {
				for m := range 3 {
					links.Send("n2", m)
					links.Send("n2", m)
				}
				if links.Settled() {
					t.Error("it is settled while nobody answers")
				}
				p.Go(func() {
					if p.Sleep(time.Second); !links.Settled() {
						t.Error("it is not settled")
					}
				})
			}
			return idle{}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(350 * time.Millisecond)
		mu.Lock()
		deaf = false
		mu.Unlock()
		time.Sleep(2 * time.Second)
		if err := c.Stop(); err != nil {
			t.Fatal(err)
		}
		if slices.Sort(got); !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("it got %v", got)
		}
	})
}
