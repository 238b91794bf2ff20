package raftstore

import (
	"errors"
	"strings"
	"testing"

	"faultline/cluster/disk"
)

// TestAFlippedBitIsFound wherever it is, and the repair leaves nothing of it.
func TestAFlippedBitIsFound(t *testing.T) {
	for _, part := range []disk.Part{disk.LogPart, disk.SnapshotPart} {
		t.Run(string(part), func(t *testing.T) {
			onBadDisk(t, func(t *testing.T, m *machine) {
				v := m.start(t)
				check(t, v.StoreLogs(entriesOf(1, 1, 20)))
				check(t, snapshotAt3(v))
				check(t, v.Close())
				for range 100 {
					check(t, m.Flip(part))
					if v, err := start(m.Disk); err == nil {
						t.Fatal("the damage was not found", v.Close())
					} else if part == disk.LogPart && !errors.Is(err, errDamaged) || part == disk.SnapshotPart && !strings.Contains(err.Error(), "checksum does not match") {
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
		check(t, m.Repair())
		check(t, m.start(t).Close())
	})
}
