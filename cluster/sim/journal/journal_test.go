package journal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
)

// keeper is a process with a journal of numbers.
type keeper struct {
	process *sim.Process
	journal *journal.Journal[int]
	found   []int
}

func boot(p *sim.Process) (sim.Program, error) {
	j, found, err := journal.Open[int](p)
	return &keeper{p, j, found}, err
}

func (k *keeper) Role() (string, uint64) { return "keeper", 0 }
func (k *keeper) Stop() error            { return nil }

// lab is one machine with a keeper.
type lab struct {
	*sim.Cluster
	t *testing.T
}

func inLab(t *testing.T, seed uint64, f func(lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, err := sim.New(sim.Config{Seed: seed, Nodes: []string{"n1"}, Boot: boot, CrashPoints: journal.CrashPoints()})
		l := lab{c, t}
		l.check(err)
		l.check(c.Start())
		f(l)
		l.check(c.Stop())
	})
}

func (l lab) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l lab) add(numbers ...int) {
	l.t.Helper()
	for _, n := range numbers {
		l.check(l.Program("n1").(*keeper).journal.Add(n))
	}
}

func (l lab) found(want ...int) {
	l.t.Helper()
	if got := l.Program("n1").(*keeper).found; !slices.Equal(got, want) {
		l.t.Errorf("found %v, want %v", got, want)
	}
}

// TestWhatIsAddedStays after crashes and losses of power, and is there once.
func TestWhatIsAddedStays(t *testing.T) {
	inLab(t, 1, func(l lab) {
		l.found()
		l.add(1, 2)
		l.check(l.Crash("n1"))
		l.check(l.Restart("n1"))
		l.found(1, 2)
		l.add(3)
		l.check(l.PowerLoss("n1"))
		l.check(l.Restart("n1"))
		l.found(1, 2, 3)
		l.check(l.PowerLoss("n1"))
		l.check(l.Restart("n1"))
		l.found(1, 2, 3)
	})
}

// TestATornWriteIsNoDamage: what was being added when the power was lost may be there or not, and what was before is.
func TestATornWriteIsNoDamage(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(40) {
		inLab(t, seed, func(l lab) {
			l.add(1)
			l.check(l.SlowDisk("n1", time.Second, 0))
			go l.Program("n1").(*keeper).journal.Add(2)
			time.Sleep(100 * time.Millisecond)
			l.check(l.PowerLoss("n1"))
			l.check(l.MendDisk("n1", cluster.SlowDisk))
			time.Sleep(2 * time.Second)
			l.check(l.Restart("n1"))
			seen[fmt.Sprint(l.Program("n1").(*keeper).found)] = true
		})
	}
	if !seen["[1]"] || !seen["[1 2]"] || len(seen) != 2 {
		t.Errorf("found %v", seen)
	}
}

// TestDamageIsFound, wherever a bit flips, and gone once the disk is repaired.
func TestDamageIsFound(t *testing.T) {
	for seed := range uint64(200) {
		inLab(t, seed, func(l lab) {
			l.add(1, 2)
			l.check(l.Crash("n1"))
			l.check(l.FlipBit("n1", "log"))
			switch err := l.Restart("n1"); {
			case err == nil: // in the last line feed of all
				l.found(1, 2)
				return
			case !strings.Contains(err.Error(), "the journal is damaged"):
				l.t.Fatal(err)
			}
			l.check(l.RepairDisk("n1"))
			l.check(l.Restart("n1"))
			l.found(1, 2)
		})
	}
}

// TestAFullDiskIsWaitedFor, and one that fails is not.
func TestAFullDiskIsWaitedFor(t *testing.T) {
	inLab(t, 1, func(l lab) {
		l.check(l.BreakDisk("n1", cluster.FullDisk))
		begin := time.Now()
		time.AfterFunc(time.Second, func() { l.check(l.MendDisk("n1", cluster.FullDisk)) })
		l.add(1)
		if waited := time.Since(begin); waited < time.Second {
			t.Errorf("it waited for %v", waited)
		}
		l.check(l.BreakDisk("n1", cluster.BadDisk))
		if err := l.Program("n1").(*keeper).journal.Add(2); err == nil {
			t.Error("it was stored on a disk that fails")
		}
		l.check(l.MendDisk("n1", cluster.BadDisk))
	})
}
