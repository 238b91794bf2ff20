package disk

import (
	"slices"
	"testing"
	"testing/synctest"
)

func TestEachChangeIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(Ext4, 1)
		var told []string
		d.OnChange(func(what string) { told = append(told, what) })
		v := start(t, d)
		check(t, v.Mkdir("wal"))
		f := create(t, v, "wal/1", "hello")
		check(t, f.Sync())
		check(t, f.Truncate(2))
		check(t, f.Truncate(2)) // which changes nothing
		check(t, v.Rename("wal/1", "wal/2"))
		check(t, v.Link("wal/2", "wal/3"))
		check(t, v.SyncDir("wal"))
		create(t, v, "wal/3", "")
		check(t, v.Remove("wal/3"))
		if v.Remove("wal/3") == nil {
			t.Error("a file is removed twice")
		}
		check(t, v.Crash())
		add(t, f, "from the void")
		want := []string{"mkdir wal", "create wal/1", "write 5 bytes at 0 of wal/1", "sync wal/1", "truncate wal/1 to 2 bytes",
			"rename wal/1 to wal/2", "link wal/2 as wal/3", "sync wal", "empty wal/3", "remove wal/3"}
		if !slices.Equal(told, want) {
			t.Errorf("told of %q, want %q", told, want)
		}
	})
}

// A sync takes effect when it ends, and a supposed loss of power disturbs nobody.
func TestALossOfPowerCanBeSupposedAtAnyInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(Lazy, 1)
		var found []string
		d.OnChange(func(string) { found = append(found, files(d.AfterPowerLoss(config(Ext4, 1)))) })
		v := start(t, d)
		f := create(t, v, "log", "one")
		check(t, f.Sync())
		add(t, f, " two")
		expect(t, "losses of power leave", show([]byte(found[0]))+"; "+found[1]+"; "+found[2]+"; "+found[3],
			"log: empty; log: empty; log: one; log: one")
		expect(t, "the process has", files(d), "log: one two")
		check(t, f.Sync())
		check(t, v.PowerLoss())
		expect(t, "a real loss of power leaves", files(d), "log: one two")
	})
}

// What a supposed loss leaves is a disk like any other: durable is what it has, and not more than that.
func TestWhatALossOfPowerLeavesCanBeLostNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(Lazy, 1)
		v := start(t, d)
		check(t, v.Mkdir("a"))
		check(t, create(t, v, "a/b", "stays").Sync())
		left := d.AfterPowerLoss(config(Strict, 1))
		again := start(t, left)
		create(t, again, "a/c", "goes")
		check(t, again.PowerLoss())
		expect(t, "another loss leaves", files(left), "a/; a/b: stays")
	})
}
