package raftstore

import (
	"errors"
	"strings"
	"testing"

	"faultline/cluster/disk"
)

// TestDamageIsFound wherever it is, and the repair leaves nothing of it.
func TestDamageIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		part  disk.Part
		do    func(*disk.Disk, disk.Part) error
		found func(error) bool
	}{
		"a bit of the log":        {disk.LogPart, (*disk.Disk).Flip, func(err error) bool { return errors.Is(err, errDamaged) }},
		"a bit of the snapshot":   {disk.SnapshotPart, (*disk.Disk).Flip, isChecksum},
		"the end of the snapshot": {disk.SnapshotPart, (*disk.Disk).Truncate, isChecksum},
	} {
		t.Run(name, func(t *testing.T) {
			onBadDisk(t, func(t *testing.T, m *machine) {
				v := m.start(t)
				check(t, v.StoreLogs(entriesOf(1, 1, 20)))
				check(t, snapshotAt3(v))
				check(t, v.Close())
				for range 100 {
					check(t, c.do(m.Disk, c.part))
					if v, err := start(m.Disk); err == nil {
						t.Fatal("the damage was not found", v.Close())
					} else if !c.found(err) {
						t.Fatal(err)
					}
					check(t, m.Repair())
				}
				v = m.start(t)
				expect(t, "the log", contents(t, v), "1:"+strings.Repeat(" 1", 20))
				list, err := v.Snapshots().List()
				check(t, err)
				if len(list) != 1 || list[0].Size != int64(len("state")) {
					t.Errorf("the snapshots are %+v", list)
				}
			})
		})
	}
}

func isChecksum(err error) bool { return strings.Contains(err.Error(), "checksum does not match") }

func TestOnlyWhatIsThereCanBeDamaged(t *testing.T) {
	onBadDisk(t, func(t *testing.T, m *machine) {
		v := m.start(t)
		if m.Has(disk.SnapshotPart) {
			t.Error("it has a snapshot")
		}
		check(t, snapshotAt3(v))
		if !m.Has(disk.SnapshotPart) {
			t.Error("it has no snapshot")
		}
		check(t, v.Close())
		if err := m.Flip(disk.LogPart); err == nil {
			t.Error("an entry was damaged, and there is none")
		}
		if err := m.Truncate(disk.LogPart); err == nil {
			t.Error("the log was truncated, and it is in a file of bbolt's")
		}
		check(t, m.Repair())
		check(t, m.start(t).Close())
	})
}
