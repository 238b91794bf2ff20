package disk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"
	"pgregory.net/rapid"
)

// TestACrashKeepsWhatWasWritten, synced or not: the machine lives on, and with it its page cache.
func TestACrashKeepsWhatWasWritten(t *testing.T) {
	for name, end := range map[string]func(*Volume) error{"crash": (*Volume).Crash, "close": (*Volume).Close} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
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
	onDisk(t, func(t *testing.T, d *Disk) {
		v := open(t, d)
		check(t, v.StoreLogs(entriesOf(1, 1, 3)))
		go func() { _ = v.StoreLogs(entriesOf(1, 4, 5)) }()
		time.Sleep(syncTime - 1)
		check(t, v.PowerLoss())
		expect(t, "the log", contents(t, open(t, d)), "1: 1 1 1")
		time.Sleep(syncTime)
	})
}

// TestASyncCoversWhatWasWrittenBefore: raft compacts its log beside its main loop. Here an entry is
// written while the deletion syncs, and its own sync is not over when the power goes.
func TestASyncCoversWhatWasWrittenBefore(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
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

// TestAfterAPowerLossTheLogIsAPrefixOfWhatWasWritten, with everything in it that a caller was told is
// stored, wherever the power goes and however many writers there are.
func TestAfterAPowerLossTheLogIsAPrefixOfWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		writers := rapid.IntRange(1, 3).Draw(rt, "writers")
		lasts := time.Duration(rapid.Int64Range(0, int64(60*syncTime)).Draw(rt, "until"))
		var returned, kept []string
		var prefix bool
		synctest.Test(t, func(t *testing.T) {
			sub, err := os.MkdirTemp(dir, "")
			check(t, err)
			d := newDisk(t, sub)
			d.config.Tail = syncTime // so that a later sync may end before an earlier one
			v := open(t, d)
			var all sync.WaitGroup
			var mu sync.Mutex
			dead := false
			for w := range writers {
				all.Go(func() {
					for i := range 20 {
						key := fmt.Sprintf("%d.%02d", w, i)
						check(t, v.Set([]byte(key), nil))
						mu.Lock()
						if !dead {
							returned = append(returned, key)
						}
						mu.Unlock()
					}
				})
			}
			time.Sleep(lasts)
			mu.Lock()
			written := v.pendingKeys()
			check(t, v.PowerLoss())
			dead = true
			mu.Unlock()
			for key := range open(t, d).stable {
				kept = append(kept, key)
			}
			prefix = len(kept) <= len(written) && !slices.ContainsFunc(written[:len(kept)], func(key string) bool { return !slices.Contains(kept, key) })
			all.Wait()
		})
		if !prefix {
			rt.Fatalf("not a prefix of what was written: %v", kept)
		}
		for _, key := range returned {
			if !slices.Contains(kept, key) {
				rt.Fatalf("%s was reported as stored and is lost", key)
			}
		}
	})
}

// pendingKeys are the keys that were set and are not in bbolt yet, in order.
func (v *Volume) pendingKeys() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var keys []string
	for _, w := range v.pending {
		keys = append(keys, w.key)
	}
	return keys
}

// TestWritesReachTheFileInBatches: wherever among them the power goes, all that was synced is there.
func TestWritesReachTheFileInBatches(t *testing.T) {
	for _, writes := range []uint64{flushAt - 1, flushAt, flushAt + 1, 2*flushAt - 1, 2 * flushAt, 2*flushAt + 1} {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
				v := open(t, d)
				for i := range writes {
					check(t, v.StoreLog(entriesOf(1, i+1, i+1)[0]))
				}
				if got, want := v.flushed, writes/flushAt*flushAt; got != want {
					t.Errorf("%d writes are in the file, want %d", got, want)
				}
				check(t, v.PowerLoss())
				if last, _ := open(t, d).LastIndex(); last != writes {
					t.Errorf("the log ends at %d, want %d", last, writes)
				}
			})
		})
	}
}

// TestADeadVolumeGoesOnInPrivate: what is left of a dead node sees no error, and what it wrote; the files,
// and the node that was started again from them, see nothing of it.
func TestADeadVolumeGoesOnInPrivate(t *testing.T) {
	for name, end := range map[string]func(*Volume) error{"crash": (*Volume).Crash, "power loss": (*Volume).PowerLoss} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
				dead := open(t, d)
				check(t, dead.StoreLogs(entriesOf(1, 1, 3)))
				late, err := snapshotSink(dead, 1, 3)
				check(t, err)
				check(t, end(dead))
				before := files(t, d)
				check(t, dead.StoreLogs(entriesOf(1, 4, 4)))
				check(t, dead.DeleteRange(1, 1))
				check(t, dead.SetUint64([]byte("term"), 7))
				check(t, late.Close())
				for range flushAt {
					check(t, dead.Set([]byte("key"), nil))
				}
				expect(t, "the dead node's log", contents(t, dead), "2: 1 1 1")
				expect(t, "its snapshots", listed(t, dead), "1-3-1")
				if after := files(t, d); after != before {
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

// files renders the names, times and contents of a disk's files.
func files(t *testing.T, d *Disk) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(d.config.Dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s: %d bytes, %x\n", path, len(content), content[:min(len(content), 1<<14)])
		return err
	})
	check(t, err)
	return b.String()
}

// TestAPausedDiskHoldsEverythingAtTheDoor, reads and writes, and a sync that had begun before.
func TestAPausedDiskHoldsEverythingAtTheDoor(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
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
			onDisk(t, func(t *testing.T, d *Disk) {
				v := open(t, d)
				check(t, v.StoreLogs(entriesOf(1, 1, 3)))
				v.mu.Lock()
				check(t, v.flush())
				check(t, v.put(indexKey(test.index), test.entry))
				v.mu.Unlock()
				check(t, v.Close())
				_, err := d.Open()
				expect(t, "opened", fmt.Sprint(err), test.want)
			})
		})
	}
}
