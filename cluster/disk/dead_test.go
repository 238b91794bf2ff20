package disk

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestADeadIncarnationWritesIntoTheVoid: what is left of a dead process sees no error, and what it wrote; the disk, and the
// process that was started again from it, see nothing of it.
func TestADeadIncarnationWritesIntoTheVoid(t *testing.T) {
	for name, end := range map[string]func(*Volume) error{"crash": (*Volume).Crash, "power loss": (*Volume).PowerLoss, "close": (*Volume).Close} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
				dead := start(t, d)
				log := create(t, dead, "log", "one")
				check(t, log.Sync())
				check(t, create(t, dead, "vote", "n1").Sync())
				check(t, end(dead))
				d.Fail() // a fault is for the living
				d.Fill()
				add(t, log, "two")
				_, err := log.WriteAt([]byte("O"), 0)
				check(t, err)
				check(t, log.Sync())
				check(t, dead.Rename("vote", "old"))
				create(t, dead, "new", "n2")
				check(t, dead.SyncDir("."))
				check(t, dead.Remove("old"))
				b, err := dead.ReadFile("log")
				check(t, err)
				expect(t, "the dead sees", string(b), "Onetwo")
				expect(t, "the disk has", files(d), "log: one; vote: n1")
				d.Mend()
				d.Free()

				living := start(t, d)
				f, err := living.Open("log")
				check(t, err)
				_, err = f.WriteAt([]byte("ONE"), 0)
				check(t, err)
				check(t, living.Remove("vote"))
				b, err = dead.ReadFile("log")
				check(t, err)
				expect(t, "the dead sees still", string(b), "Onetwo")
				check(t, log.Close())
				check(t, dead.PowerLoss())
				check(t, f.Sync())
				expect(t, "the disk has at last", files(d), "log: ONE")
			})
		})
	}
}

// TestASyncThatADeathInterruptsDoesNothing, and is not told.
func TestASyncThatADeathInterruptsDoesNothing(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		log := create(t, v, "log", "one")
		check(t, log.Sync())
		add(t, log, "two")
		go func() { check(t, log.Sync()) }()
		time.Sleep(syncTime / 2)
		check(t, v.PowerLoss())
		time.Sleep(syncTime)
		check(t, start(t, d).PowerLoss())
		expect(t, "the disk has", files(d), "log: one")
	})
}

// TestTheDeadDoNotWaitForAStuckDisk.
func TestTheDeadDoNotWaitForAStuckDisk(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		d.Stick()
		over := false
		go func() {
			check(t, create(t, v, "log", "one").Sync())
			over = true
		}()
		time.Sleep(time.Minute)
		if over {
			t.Error("a stuck disk synced")
		}
		check(t, v.Crash())
		synctest.Wait()
		if !over {
			t.Error("what is left of a dead process waits")
		}
	})
}

// TestADiskHasOneProcessAtATime.
func TestADiskHasOneProcessAtATime(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		if _, err := d.Open(); err == nil {
			t.Error("it was opened twice")
		}
		check(t, v.Close())
		start(t, d)
	})
}
