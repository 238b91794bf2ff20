package raftstore

import (
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/disk"
)

// onBadDisk is onDisk with a disk that can have faults. Deaths are collected, and cut the node off that the
// test opens with start.
func onBadDisk(t *testing.T, f func(t *testing.T, m *machine)) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		m := &machine{Disk: d}
		d.OnDeath(func(kind, detail string) {
			m.deaths = append(m.deaths, kind+": "+detail)
			check(t, m.node.Crash())
		})
		f(t, m)
	})
}

// machine is a disk with the node that runs on it.
type machine struct {
	*disk.Disk
	node   *node
	deaths []string
}

func (m *machine) start(t *testing.T) *node {
	m.node = open(t, m.Disk)
	return m.node
}

func (m *machine) died(t *testing.T, want ...string) {
	t.Helper()
	if len(m.deaths) != len(want) || len(want) > 0 && m.deaths[0] != want[0] {
		t.Errorf("deaths %q, want %q", m.deaths, want)
	}
	m.deaths = nil
}

// takes is how long something takes.
func takes(do func()) time.Duration {
	begin := time.Now()
	do()
	return time.Since(begin)
}

func TestASlowDiskTakesLonger(t *testing.T) {
	onBadDisk(t, func(t *testing.T, m *machine) {
		v := m.start(t)
		write := func() { check(t, v.Set([]byte("k"), nil)) }
		m.Slow(10*time.Millisecond, 0)
		if d := takes(write); d != syncTime+10*time.Millisecond {
			t.Errorf("a write took %v", d)
		}
		m.Slow(10*time.Millisecond, 5*time.Millisecond)
		longest := time.Duration(0)
		for range 100 {
			longest = max(longest, takes(write))
		}
		if longest < 20*time.Millisecond || longest > 100*time.Millisecond {
			t.Errorf("the longest of 100 writes took %v", longest)
		}
		m.Fast()
		if d := takes(write); d != syncTime {
			t.Errorf("a write took %v afterwards", d)
		}
	})
}

// TestAStuckDiskSyncsWhenItIsUnstuck, and what it was told before is lost with the power.
func TestAStuckDiskSyncsWhenItIsUnstuck(t *testing.T) {
	onBadDisk(t, func(t *testing.T, m *machine) {
		v := m.start(t)
		m.Stick()
		synced := false
		go func() {
			check(t, v.StoreLogs(entriesOf(1, 1, 3)))
			synced = true
		}()
		time.Sleep(time.Minute)
		if synced {
			t.Error("it synced")
		}
		m.Unstick()
		synctest.Wait()
		m.Stick()
		go func() { check(t, v.StoreLogs(entriesOf(1, 4, 5))) }()
		time.Sleep(time.Minute)
		check(t, v.PowerLoss())
		synctest.Wait() // who waited for the sync goes on into the void
		if err := m.Startable(); err == nil {
			t.Error("a process can start on a stuck disk")
		}
		m.Unstick()
		check(t, m.Startable())
		expect(t, "the log", contents(t, m.start(t)), "1: 1 1 1")
	})
}

// TestAWriteThatFailsChangesNothing, now and after a restart.
func TestAWriteThatFailsChangesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		begin, end func(*disk.Disk)
		want       error
	}{
		"I/O error": {(*disk.Disk).Fail, (*disk.Disk).Mend, syscall.EIO},
		"full":      {(*disk.Disk).Fill, (*disk.Disk).Free, syscall.ENOSPC},
	} {
		t.Run(name, func(t *testing.T) {
			onBadDisk(t, func(t *testing.T, m *machine) {
				v := m.start(t)
				check(t, v.StoreLogs(entriesOf(1, 1, 3)))
				c.begin(m.Disk)
				sink, err := v.Snapshots().Create(raft.SnapshotVersionMax, 3, 1, raft.Configuration{}, 1, nil)
				check(t, err)
				for what, err := range map[string]error{
					"store":    v.StoreLogs(entriesOf(1, 4, 4)),
					"delete":   v.DeleteRange(1, 2),
					"vote":     v.Set([]byte(candidateKey), []byte("n1")),
					"snapshot": sink.Close(),
					"start":    m.Startable(),
				} {
					if !errors.Is(err, c.want) {
						t.Errorf("%s: %v, want %v", what, err, c.want)
					}
				}
				m.died(t)
				c.end(m.Disk)
				check(t, v.StoreLogs(entriesOf(2, 4, 4)))
				expect(t, "the log", contents(t, v), "1: 1 1 1 2")
				check(t, v.PowerLoss())
				v = m.start(t)
				expect(t, "the log", contents(t, v), "1: 1 1 1 2")
				if list, _ := v.Snapshots().List(); len(list) != 0 {
					t.Errorf("%d snapshots", len(list))
				}
			})
		})
	}
}

// TestAProcessDiesOfATermThatCannotBeWritten: raft would panic.
func TestAProcessDiesOfATermThatCannotBeWritten(t *testing.T) {
	onBadDisk(t, func(t *testing.T, m *machine) {
		v := m.start(t)
		check(t, v.SetUint64([]byte(termKey), 1))
		m.Fail()
		check(t, v.SetUint64([]byte(termKey), 2)) // in the void
		m.died(t, "panic: failed to save current term: input/output error")
		check(t, v.SetUint64([]byte(termKey), 3)) // it dies once
		m.died(t)
		m.Mend()
		if term, err := m.start(t).GetUint64([]byte(termKey)); err != nil || term != 1 {
			t.Errorf("the term is %d, %v", term, err)
		}
	})
}

// TestADiskThatLies loses with the power what was written since, until a sync was honest.
func TestADiskThatLies(t *testing.T) {
	onBadDisk(t, func(t *testing.T, m *machine) {
		v := m.start(t)
		check(t, v.StoreLogs(entriesOf(1, 1, 2)))
		m.Lie()
		check(t, v.StoreLogs(entriesOf(1, 3, 4)))
		check(t, v.PowerLoss())
		v = m.start(t)
		expect(t, "the log", contents(t, v), "1: 1 1")
		check(t, v.StoreLogs(entriesOf(2, 3, 4)))
		m.BeHonest()
		check(t, v.StoreLogs(entriesOf(2, 5, 5)))
		check(t, v.PowerLoss())
		expect(t, "the log", contents(t, m.start(t)), "1: 1 1 2 2 2")
	})
}

// TestCrashPoints shows what a process leaves on its disk when it dies at each.
func TestCrashPoints(t *testing.T) {
	for point, c := range map[disk.Point]struct {
		do   func(*node) error
		want string // of the log, after entries 1 to 3 were there before
	}{
		LogWrite:  {func(v *node) error { return v.StoreLogs(entriesOf(1, 4, 5)) }, "1: 1 1 1"},
		LogSync:   {func(v *node) error { return v.StoreLogs(entriesOf(1, 4, 5)) }, "1: 1 1 1 1 1"},
		VoteWrite: {vote, "1: 1 1 1"},
		Snapshot:  {snapshotAt3, "1: 1 1 1"},
		Restore:   {func(v *node) error { v.Reach(Restore); return nil }, "1: 1 1 1"},
	} {
		t.Run(string(point), func(t *testing.T) {
			onBadDisk(t, func(t *testing.T, m *machine) {
				v := m.start(t)
				check(t, v.StoreLogs(entriesOf(1, 1, 3)))
				m.Arm(point)
				check(t, c.do(v))
				m.died(t, "crash-at: "+string(point))
				check(t, c.do(v)) // what is left of it does not die again
				v = m.start(t)
				expect(t, "the log", contents(t, v), c.want)
				if _, err := v.Get([]byte(candidateKey)); err == nil {
					t.Error("the whole vote is there")
				}
				if list, _ := v.Snapshots().List(); len(list) != 0 {
					t.Error("the snapshot exists")
				}
				check(t, c.do(v)) // it dies once
				m.died(t)
			})
		})
	}
}

// vote does what raft does.
func vote(v *node) error {
	if err := v.SetUint64([]byte("LastVoteTerm"), 1); err != nil {
		return err
	}
	return v.Set([]byte(candidateKey), []byte("n1"))
}

func snapshotAt3(v *node) error {
	sink, err := v.Snapshots().Create(raft.SnapshotVersionMax, 3, 1, raft.Configuration{}, 1, nil)
	if err != nil {
		return err
	}
	if _, err := sink.Write([]byte("state")); err != nil {
		return err
	}
	return sink.Close()
}

func TestAPointThatIsDisarmedKillsNobody(t *testing.T) {
	onBadDisk(t, func(t *testing.T, m *machine) {
		m.Arm(LogWrite)
		m.Disarm()
		check(t, m.start(t).StoreLogs(entriesOf(1, 1, 1)))
		m.died(t)
	})
}
