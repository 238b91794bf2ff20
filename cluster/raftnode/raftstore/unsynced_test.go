package raftstore

import (
	"testing"
	"time"

	"faultline/cluster/disk"
)

// What is written without a sync takes no time. It survives a crash, and a power loss only behind a later sync.
func TestUnsynced(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(*node) error
		sync bool
		want string
	}{
		{"crash", (*node).Crash, false, "1: 1 1"},
		{"power loss", (*node).PowerLoss, false, "empty"},
		{"power loss behind a sync", (*node).PowerLoss, true, "1: 1 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *disk.Disk) {
				v, before := open(t, d), time.Now()
				check(t, v.Unsynced().StoreLogs(entriesOf(1, 1, 2)))
				if took := time.Since(before); took != 0 {
					t.Errorf("it took %v", took)
				}
				if test.sync {
					check(t, v.SetUint64([]byte("key"), 1))
				}
				check(t, test.end(v))
				expect(t, "the log", contents(t, open(t, d)), test.want)
			})
		})
	}
}
