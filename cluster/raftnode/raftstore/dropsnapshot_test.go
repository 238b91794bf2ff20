package raftstore

import (
	"fmt"
	"testing"

	"github.com/hashicorp/raft"

	"faultline/cluster/disk"
)

// TestTheNewestSnapshotIsDroppedIfTheRestIsEnough: what is before it, and the log from there on.
func TestTheNewestSnapshotIsDroppedIfTheRestIsEnough(t *testing.T) {
	for _, test := range []struct {
		name      string
		snapshots []uint64 // at which entries
		first     uint64   // entry of the log; it ends at 20
		left      int
	}{
		{"there is none", nil, 1, 0},
		{"the log has all", []uint64{5}, 1, 0},
		{"the log has all, and there is one before", []uint64{5, 9}, 1, 1},
		{"the log begins behind the one before", []uint64{5, 9}, 6, 1},
		{"the log begins too late for the one before", []uint64{5, 9}, 7, 2},
		{"the log begins too late for none", []uint64{5}, 2, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			onBadDisk(t, func(t *testing.T, m *machine) {
				v := m.start(t)
				check(t, v.StoreLogs(entriesOf(1, 1, 20)))
				for _, at := range test.snapshots {
					sink, err := v.Snapshots().Create(raft.SnapshotVersionMax, at, 1, raft.Configuration{}, 1, nil)
					check(t, err)
					_, err = fmt.Fprint(sink, "state")
					check(t, err)
					check(t, sink.Close())
				}
				if test.first > 1 {
					check(t, v.DeleteRange(1, test.first-1))
				}
				check(t, v.Close())
				check(t, m.Drop(disk.SnapshotPart))
				v = m.start(t)
				list, err := v.Snapshots().List()
				check(t, err)
				if len(list) != test.left || test.left > 0 && list[test.left-1].Index != test.snapshots[0] {
					t.Errorf("left are %+v", list)
				}
				check(t, v.Close())
			})
		})
	}
}
