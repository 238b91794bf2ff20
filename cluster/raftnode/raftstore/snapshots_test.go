package raftstore

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/disk"
)

var membership = raft.Configuration{Servers: []raft.Server{{ID: "n1", Address: "n1:7000"}, {ID: "n2", Address: "n2:7000"}}}

// snapshotSink begins a snapshot whose state says what it is of.
func snapshotSink(v *node, term, index uint64) (raft.SnapshotSink, error) {
	k, err := v.Snapshots().Create(raft.SnapshotVersionMax, index, term, membership, 1, nil)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(k, "state\nat %d", index)
	return k, err
}

func take(t *testing.T, v *node, term, index uint64) {
	t.Helper()
	k, err := snapshotSink(v, term, index)
	check(t, err)
	check(t, k.Close())
}

// listed renders the names of the snapshots in order.
func listed(t *testing.T, v *node) string {
	t.Helper()
	metas, err := v.Snapshots().List()
	check(t, err)
	var ids []string
	for _, m := range metas {
		ids = append(ids, m.ID)
	}
	return strings.Join(ids, " ")
}

func TestASnapshotIsReadBack(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		take(t, v, 2, 30)
		check(t, v.PowerLoss())
		s := open(t, d).Snapshots()
		list, err := s.List()
		check(t, err)
		meta, r, err := s.Open(list[0].ID)
		check(t, err)
		state, err := io.ReadAll(r)
		check(t, err)
		check(t, r.Close())
		expect(t, "the state", string(state), "state\nat 30")
		want := raft.SnapshotMeta{Version: 1, ID: "2-30-1", Index: 30, Term: 2, Configuration: membership, ConfigurationIndex: 1, Size: int64(len(state))}
		if !reflect.DeepEqual(*meta, want) || !reflect.DeepEqual(*list[0], want) {
			t.Errorf("got %+v, listed as %+v", *meta, *list[0])
		}
		if _, _, err := s.Open("2-31-1"); err == nil {
			t.Error("opened a snapshot that does not exist")
		}
		if _, err := s.Create(0, 1, 1, membership, 1, nil); err == nil {
			t.Error("made a snapshot of another version")
		}
	})
}

func TestOnlyTheNewestSnapshotsAreKept(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		for i := range uint64(4) {
			take(t, v, 1, 10*(i+1))
		}
		expect(t, "snapshots", listed(t, v), "1-40-4 1-30-3")
		check(t, v.Crash())
		if left := d.Names(); len(left) != retained {
			t.Errorf("files: %v", left)
		}
		v = open(t, d)
		take(t, v, 1, 50)
		expect(t, "after a crash and another", listed(t, v), "1-50-5 1-40-4")
	})
}

// TestTheNewestSnapshotIsTheOneOfTheLatestEntry, and not the one that was made last. A follower's snapshots
// run concurrently with its main loop: it takes one at entry 10, has to install its leader's at entry 20 meanwhile,
// and only then finishes its own. Restarted from entry 10 it would miss the entries up to 20, which it
// never had, and raft would panic.
func TestTheNewestSnapshotIsTheOneOfTheLatestEntry(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		take(t, v, 1, 5)
		take(t, v, 2, 20)
		take(t, v, 1, 10)
		expect(t, "snapshots", listed(t, v), "2-20-2 1-10-3")
		check(t, v.Crash())
		expect(t, "snapshots after a crash", listed(t, open(t, d)), "2-20-2 1-10-3")
	})
}

// TestASnapshotExistsWholeOrNotAtAll: once its file and then its name is synced.
func TestASnapshotExistsWholeOrNotAtAll(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		k, err := snapshotSink(v, 1, 10)
		check(t, err)
		go func() { _ = k.Close() }()
		time.Sleep(2*syncTime - 1)
		expect(t, "before", listed(t, v), "")
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		expect(t, "then", listed(t, v), "1-10-1")
		if _, err := k.Write(nil); err == nil {
			t.Error("written to after it was closed")
		}
		check(t, k.Close())
		check(t, k.Cancel())
		expect(t, "closed again", listed(t, v), "1-10-1")
	})
}

func TestACrashBeforeCloseLeavesNoSnapshot(t *testing.T) {
	for name, crashAt := range map[string]time.Duration{"before": 0, "in the middle": syncTime / 2} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				v := open(t, d)
				k, err := snapshotSink(v, 1, 10)
				check(t, err)
				if crashAt > 0 {
					go func() { _ = k.Close() }()
					time.Sleep(crashAt)
				}
				check(t, v.Crash())
				expect(t, "snapshots", listed(t, open(t, d)), "")
				time.Sleep(2 * syncTime)
			})
		})
	}
}

func TestACancelledSnapshotIsNone(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		v := open(t, d)
		k, err := snapshotSink(v, 1, 10)
		check(t, err)
		check(t, k.Cancel())
		check(t, k.Close()) // as raft does
		expect(t, "snapshots", listed(t, v), "")
	})
}

func TestADamagedSnapshotIsAClearError(t *testing.T) {
	for name, test := range map[string]struct {
		damage func(string) string
		want   string
	}{
		"another state":  {func(s string) string { return s[:len(s)-1] + "!" }, "checksum does not match"},
		"cut short":      {func(s string) string { return s[:len(s)-1] }, "checksum does not match"},
		"only a header":  {func(s string) string { return strings.SplitAfter(s, "\n")[0] }, "checksum does not match"},
		"half a header":  {func(s string) string { return s[:20] }, "no header"},
		"no JSON at all": {func(s string) string { return "x" + s }, "header: invalid character 'x' looking for beginning of value"},
		"empty":          {func(s string) string { return "" }, "no header"},
	} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				v := open(t, d)
				take(t, v, 1, 10)
				check(t, v.Close())
				b, err := d.ReadFile("1-10-1.snap")
				check(t, err)
				put(t, d, "1-10-1.snap", test.damage(string(b)))
				_, err = start(d)
				expect(t, "opened", fmt.Sprint(err), "read snapshots: 1-10-1.snap: "+test.want)
			})
		})
	}
}

// put writes a file while the node is down.
func put(t *testing.T, d *disk.Disk, name, content string) {
	t.Helper()
	v, err := d.Open()
	check(t, err)
	f, err := v.Create(name)
	check(t, err)
	_, err = f.Write([]byte(content))
	check(t, err)
	check(t, v.Close())
}

// TestASnapshotThatCannotBeWrittenIsNone, and the disk goes on.
func TestASnapshotThatCannotBeWrittenIsNone(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		n := open(t, d)
		k, err := snapshotSink(n, 1, 10)
		check(t, err)
		d.Fail()
		if err := k.Close(); !errors.Is(err, syscall.EIO) || !strings.HasPrefix(err.Error(), "write snapshot: ") {
			t.Errorf("closed: %v", err)
		}
		expect(t, "snapshots", listed(t, n), "")
		if left := d.Names(); len(left) > 0 {
			t.Errorf("files: %v", left)
		}
		d.Mend()
		take(t, n, 1, 20)
		expect(t, "snapshots, and one more", listed(t, n), "1-20-2")
	})
}

// TestAHalfWrittenFileIsNoSnapshot: it has another name until it is whole, and is removed at the next start.
func TestAHalfWrittenFileIsNoSnapshot(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk.Disk) {
		put(t, d, "1-10-1.snap.tmp", "{")
		expect(t, "snapshots", listed(t, open(t, d)), "")
		if left := d.Names(); len(left) > 0 {
			t.Errorf("files: %v", left)
		}
	})
}

// TestASnapshotSurvivesALossOfPowerOnceItIsClosed, whatever the file system makes of names.
func TestASnapshotSurvivesALossOfPowerOnceItIsClosed(t *testing.T) {
	for _, system := range disk.FileSystems() {
		t.Run(system.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDisk(disk.Config{Dir: t.TempDir(), FileSystem: system})
				n := open(t, d)
				take(t, n, 1, 10)
				check(t, n.PowerLoss())
				expect(t, "snapshots", listed(t, open(t, d)), "1-10-1")
			})
		})
	}
}
