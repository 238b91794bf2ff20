package monitor_test

import (
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/sim"
	"faultline/cluster/sim/monitor"
)

// program is what has a monitor, and nothing else.
type program struct{ *monitor.Monitor }

func (program) Role() (string, uint64) { return "", 0 }
func (program) Stop() error            { return nil }

// in runs a test of the monitor of a process.
func in(t *testing.T, test func(c *sim.Cluster, p *sim.Process, m *monitor.Monitor)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var process *sim.Process
		c, err := sim.New(sim.Config{Dir: dir, Nodes: []string{"n1"}, Boot: func(p *sim.Process) (sim.Program, error) {
			process = p
			return program{monitor.New(p)}, nil
		}})
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		test(c, process, c.Program("n1").(program).Monitor)
		if err := c.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestOnlyOneOwnsTheDisk, although the lock is free while it waits.
func TestOnlyOneOwnsTheDisk(t *testing.T) {
	in(t, func(_ *sim.Cluster, p *sim.Process, m *monitor.Monitor) {
		owners, done := 0, 0
		for range 3 {
			p.Go(func() {
				m.Lock()
				defer m.Unlock()
				m.Own()
				defer m.Disown()
				if owners++; owners > 1 {
					t.Error("two own the disk")
				}
				m.Outside(func() { time.Sleep(time.Second) })
				owners--
				done++
			})
		}
		m.Lock()
		defer m.Unlock()
		m.Await(func() bool { return done == 3 })
	})
}

// TestNobodyWaitsWhenTheProcessIsDead, for what will not happen.
func TestNobodyWaitsWhenTheProcessIsDead(t *testing.T) {
	in(t, func(c *sim.Cluster, p *sim.Process, m *monitor.Monitor) {
		p.Go(func() {
			m.Lock()
			defer m.Unlock()
			m.Await(func() bool { return false })
		})
		synctest.Wait()
		if err := c.Crash("n1"); err != nil {
			t.Error(err)
		}
	})
}
