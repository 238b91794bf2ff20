//go:build faultline_overlay

package sim_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"faultline"
	"faultline/cluster/sim"
)

// These tests are run by the command faultline test.

// idle is a program that has started all that it is.
type idle struct{}

func (idle) Role() (string, uint64) { return "idle", 0 }
func (idle) Stop() error            { panic("a process that the scheduler has ended is not waited for") }

// machine starts a machine in a world whose program is f.
func machine(w *faultline.W, d sim.GoroutineDelays, f func(p *sim.Process)) *sim.Cluster {
	c, err := sim.New(sim.Config{Seed: w.Seed(), Dir: w.TempDir(), Nodes: []string{"n1"}, Hardware: sim.Hardware{GoroutineDelays: d}.WithDefaults(),
		CrashPoints: []string{"here"}, Boot: func(p *sim.Process) (sim.Program, error) {
			f(p)
			return idle{}, nil
		}})
	if err == nil {
		err = c.Start()
	}
	must(w, err)
	return c
}

func must(w *faultline.W, err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Go's own timers have no effect on a process that is paused, and have it when it resumes. A dead one never hears of them.
func TestTimersOfAPausedProcess(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		var fired []time.Duration
		fire := func() { fired = append(fired, w.Since()) }
		c := machine(w, sim.GoroutineDelays{}, func(*sim.Process) {
			time.AfterFunc(2*time.Second, fire)
			go func() {
				time.Sleep(3 * time.Second)
				fire()
			}()
			go func() {
				<-time.After(7 * time.Second)
				fire()
			}()
		})
		time.Sleep(time.Second)
		must(w, c.Pause("n1"))
		time.Sleep(4 * time.Second)
		if len(fired) > 0 {
			w.Errorf("fired at %v in a paused process", fired)
		}
		must(w, c.Resume("n1"))
		time.Sleep(time.Second)
		if want := []time.Duration{5 * time.Second, 5 * time.Second}; !slices.Equal(fired, want) {
			w.Errorf("fired at %v, not %v", fired, want)
		}
		must(w, c.Crash("n1"))
		time.Sleep(5 * time.Second)
		if len(fired) != 2 {
			w.Errorf("fired at %v in a dead process", fired)
		}
	})
}

// A process that was paused while it had a mutex keeps it. Whoever is outside is not kept from anything by it.
func TestAPausedProcessHasAMutex(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		var mu sync.Mutex
		entered := 0
		c := machine(w, sim.GoroutineDelays{}, func(p *sim.Process) {
			go func() {
				mu.Lock()
				time.Sleep(2 * time.Second)
				mu.Unlock()
			}()
			go func() {
				time.Sleep(time.Second)
				mu.Lock()
				entered++
				mu.Unlock()
				p.Reach("here")
			}()
		})
		time.Sleep(1500 * time.Millisecond)
		must(w, c.Pause("n1"))
		time.Sleep(5 * time.Second)
		if entered > 0 {
			w.Error("a goroutine of a paused process went on")
		}
		must(w, c.CrashAt("n1", "here"))
		must(w, c.Resume("n1"))
		time.Sleep(time.Second)
		if entered != 1 || c.Program("n1") != nil {
			w.Errorf("entered %d times, and did not die at its crash point", entered)
		}
		must(w, c.Restart("n1"))
	})
}

// Without delays no kill comes between two steps of a goroutine that does not wait. With delays some do.
func TestKillsBetweenSteps(t *testing.T) {
	for name, d := range map[string]sim.GoroutineDelays{"no delays": {}, "delays": {Lock: time.Millisecond, LockShare: 0.5}} {
		t.Run(name, func(t *testing.T) {
			faultline.World(t, 1, func(w *faultline.W) {
				var mu sync.Mutex
				between, first, second := 0, 0, 0
				c := machine(w, d, func(*sim.Process) {
					for range 10 {
						go func() {
							for {
								first++
								mu.Lock()
								second++
								mu.Unlock()
								time.Sleep(2 * time.Millisecond)
							}
						}()
					}
				})
				for range 20 {
					time.Sleep(7*time.Millisecond + 300*time.Microsecond)
					must(w, c.Crash("n1"))
					if first != second {
						between++
					}
					first, second = 0, 0
					time.Sleep(10 * time.Millisecond)
					if first+second > 0 {
						w.Error("a dead process goes on")
					}
					must(w, c.Restart("n1"))
				}
				if got := between > 0; got != d.Delayed() {
					w.Errorf("%d of 20 kills came between the two steps", between)
				}
			})
		})
	}
}
