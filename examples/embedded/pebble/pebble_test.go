package pebble

import (
	"path"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"faultline/cluster/disk"
	"faultline/powerloss"
)

// onVolume has pebble on a file system of its own. Its lives are long enough for tables to be written and compacted.
func onVolume(on func(*volume) vfs.FS) powerloss.Config {
	return powerloss.Config{Transactions: 50, OnVolume: func(v *disk.Volume) (powerloss.Store, error) { return open("db", on(newVolume(v))) }}
}

func honest(v *volume) vfs.FS { return v }

// inDirectory has it as it is, with real files.
func inDirectory() powerloss.Config {
	return powerloss.Config{Transactions: 50, InDirectory: func(dir string) (powerloss.Store, error) {
		return open(filepath.Join(dir, "db"), vfs.Default)
	}}
}

// What pebble has acknowledged outlives the power.
func TestPowerLoss(t *testing.T) { powerloss.Test(t, onVolume(honest)) }

func TestPowerLossWithRealFiles(t *testing.T) { powerloss.Test(t, inDirectory()) }

// Without the syncs of its log it does not, and that is found in the first hundred losses.
func TestWithoutSyncsOfTheLog(t *testing.T) {
	_, failure := powerloss.Run(t, onVolume(func(v *volume) vfs.FS { return forgetful{v} }))
	if failure == nil || failure.Loss < 1 || failure.Loss > 100 {
		t.Fatalf("the missing syncs are not found in a hundred losses of power: %v", failure)
	}
	t.Log(failure)
}

// forgetful is a file system that does not sync logs.
type forgetful struct{ *volume }

func (v forgetful) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return unsynced(name)(v.volume.Create(name, c))
}

func (v forgetful) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return unsynced(to)(v.volume.ReuseForWrite(from, to, c))
}

// unsynced makes a file one whose syncs do nothing, if it is a log.
func unsynced(name string) func(vfs.File, error) (vfs.File, error) {
	return func(f vfs.File, err error) (vfs.File, error) {
		if err != nil || path.Ext(name) != ".log" {
			return f, err
		}
		return unsyncedFile{f}, nil
	}
}

type unsyncedFile struct{ vfs.File }

func (unsyncedFile) Sync() error     { return nil }
func (unsyncedFile) SyncData() error { return nil }
