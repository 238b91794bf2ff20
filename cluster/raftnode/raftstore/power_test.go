package raftstore

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"
	bolt "go.etcd.io/bbolt"

	"faultline/cluster/disk"
)

// TestACrashKeepsWhatWasWritten, synced or not: the machine lives on, and with it its page cache.
func TestACrashKeepsWhatWasWritten(t *testing.T) {
	for name, end := range map[string]func(*node) error{"crash": (*node).Crash, "close": (*node).Close} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				v := open(t, d)
				check(t, v.StoreLogs(entriesOf(1, 1, 3)))
				go func() { _ = v.StoreLogs(entriesOf(1, 4, 5)) }()
				synctest.Wait() // it is written and waits for its sync
				check(t, end(v))
				expect(t, "the log", contents(t, open(t, d)), "1: 1 1 1 1 1")
				time.Sleep(syncTime)
			})
		})
	}
}

// TestAPowerLossKeepsWhatWasSynced and nothing else.
func TestAPowerLossKeepsWhatWasSynced(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 3)))
		go func() { _ = v.StoreLogs(entriesOf(1, 4, 5)) }()
		time.Sleep(syncTime - 1)
		check(t, v.PowerLoss())
		expect(t, "the log", contents(t, open(t, d)), "1: 1 1 1")
		time.Sleep(syncTime)
	})
}

// TestASyncCoversWhatWasWrittenBefore: raft compacts its log concurrently with its main loop. Here an entry is
// written while the deletion syncs, and its own sync is not over when the power goes.
func TestASyncCoversWhatWasWrittenBefore(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 4)))
		go func() { _ = v.DeleteRange(1, 2) }()
		time.Sleep(syncTime / 2)
		go func() { _ = v.StoreLogs(entriesOf(1, 5, 5)) }()
		time.Sleep(syncTime * 3 / 4) // the deletion is synced, the entry is not
		check(t, v.PowerLoss())
		expect(t, "the log", contents(t, open(t, d)), "3: 1 1")
		time.Sleep(syncTime)
	})
}

// TestAfterAPowerLossTheLogIsAPrefixOfWhatWasWritten, with all that was synced, whatever the file system writes back by
// itself.
func TestAfterAPowerLossTheLogIsAPrefixOfWhatWasWritten(t *testing.T) {
	found := map[string]bool{}
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			d := disk.New(disk.Config{Dir: t.TempDir(), Base: syncTime, Rand: rand.New(rand.NewPCG(1, 2)), FaultRand: rand.New(rand.NewPCG(seed, 0))})
			n := open(t, d)
			check(t, n.StoreLogs(entriesOf(1, 1, 2)))
			for i := range uint64(3) {
				check(t, n.Unsynced().StoreLogs(entriesOf(1, 2*i+3, 2*i+4)))
			}
			check(t, n.PowerLoss())
			found[contents(t, open(t, d))] = true
		})
	}
	for _, want := range []string{"1: 1 1", "1: 1 1 1 1", "1: 1 1 1 1 1 1", "1: 1 1 1 1 1 1 1 1"} {
		if !found[want] {
			t.Errorf("never found %s", want)
		}
		delete(found, want)
	}
	for other := range found {
		t.Errorf("found %s", other)
	}
}

// TestADeadStoreGoesOnInPrivate: what is left of a dead node sees no error, and what it wrote; the files,
// and the node that was started again from them, see nothing of it.
func TestADeadStoreGoesOnInPrivate(t *testing.T) {
	for name, end := range map[string]func(*node) error{"crash": (*node).Crash, "power loss": (*node).PowerLoss} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				dead := open(t, d)
				check(t, dead.StoreLogs(entriesOf(1, 1, 3)))
				late, err := snapshotSink(dead, 1, 3)
				check(t, err)
				check(t, end(dead))
				before := files(t, dead)
				check(t, dead.StoreLogs(entriesOf(1, 4, 4)))
				check(t, dead.DeleteRange(1, 1))
				check(t, dead.SetUint64([]byte("term"), 7))
				check(t, late.Close())
				for range 1000 {
					check(t, dead.Set([]byte("key"), nil))
				}
				expect(t, "the dead node's log", contents(t, dead), "2: 1 1 1")
				expect(t, "its snapshots", listed(t, dead), "1-3-1")
				if after := files(t, dead); after != before {
					t.Errorf("the files were\n%s\nand are\n%s", before, after)
				}
				v := open(t, d)
				expect(t, "the next one's log", contents(t, v), "1: 1 1 1")
				expect(t, "its snapshots", listed(t, v), "")
				if _, err := v.GetUint64([]byte("term")); err == nil {
					t.Error("it sees a term that the dead one set")
				}
				check(t, dead.Close())
				check(t, v.StoreLogs(entriesOf(2, 4, 4))) // to close the dead has not closed the living
			})
		})
	}
}

// files renders a disk's files.
func files(t *testing.T, n *node) string {
	t.Helper()
	var b strings.Builder
	for _, name := range n.Disk().Names() {
		content, err := n.Disk().ReadFile(name)
		check(t, err)
		fmt.Fprintf(&b, "%s: %x\n", name, content)
	}
	path, err := n.RealFile("raft.db")
	check(t, err)
	content, err := os.ReadFile(path)
	check(t, err)
	fmt.Fprintf(&b, "%s: %d bytes, %x\n", path, len(content), content[:min(len(content), 1<<14)])
	return b.String()
}

// TestAPausedDiskHoldsEverythingAtTheDoor, reads and writes, and a sync that had begun before.
func TestAPausedDiskHoldsEverythingAtTheDoor(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 3)))
		calls := map[string]func() error{
			"StoreLogs":   func() error { return v.StoreLogs(entriesOf(1, 4, 4)) },
			"DeleteRange": func() error { return v.DeleteRange(1, 1) },
			"Set":         func() error { return v.Set([]byte("key"), nil) },
			"Get":         func() error { _, err := v.Get([]byte("key")); return err },
			"GetLog":      func() error { return v.GetLog(2, &raft.Log{}) },
			"FirstIndex":  func() error { _, err := v.FirstIndex(); return err },
			"LastIndex":   func() error { _, err := v.LastIndex(); return err },
			"Create":      func() error { _, err := snapshotSink(v, 1, 3); return err },
			"List":        func() error { _, err := v.Snapshots().List(); return err },
			"Open":        func() error { _, _, _ = v.Snapshots().Open("1-3-1"); return nil },
		}
		check(t, v.Set([]byte("key"), nil))
		begun := time.Now()
		var all sync.WaitGroup
		ended := func(name string, err error) {
			if passed := time.Since(begun); err != nil || passed < time.Second {
				t.Errorf("%s after %v: %v", name, passed, err)
			}
		}
		all.Go(func() { ended("a sync in progress", v.SetUint64([]byte("term"), 1)) })
		time.Sleep(syncTime / 2)
		d.Pause()
		d.Pause() // twice is as good as once
		for name, call := range calls {
			all.Go(func() { ended(name, call()) })
		}
		time.Sleep(time.Second)
		d.Resume()
		d.Resume()
		all.Wait()
	})
}

func TestADamagedFileIsAClearError(t *testing.T) {
	entry := encodeLog(&raft.Log{Data: []byte("x")})
	for name, test := range map[string]struct {
		index uint64
		entry []byte
		want  string
	}{
		"an entry is cut short": {2, entry[:3], "read the log: entry 0000000000000002: damaged log entry"},
		"an entry is missing":   {9, entry, "read the log: entry 9 after entry 3: damaged log entry"},
	} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				v := open(t, d)
				check(t, v.StoreLogs(entriesOf(1, 1, 3)))
				check(t, v.Close())
				path, err := v.RealFile("raft.db")
				check(t, err)
				check(t, stored{bolt: path}.changeLog(func(log *bolt.Bucket) error { return log.Put(indexKey(test.index), test.entry) }))
				_, err = start(d)
				expect(t, "opened", fmt.Sprint(err), test.want)
			})
		})
	}
}
