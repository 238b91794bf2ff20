package disk

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestABitIsFlippedAndFlippedBack(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		v.Declare("log", d.Files("wal"))
		if d.Has("log") || d.Flip("log") == nil || d.Flip("snapshot") == nil {
			t.Error("there is something to flip")
		}
		f := create(t, v, "wal", "some bytes")
		check(t, f.Sync())
		check(t, v.Close())
		if !d.Has("log") || d.Has("snapshot") {
			t.Error("the log is not there, or a snapshot is")
		}
		seen := map[string]bool{}
		for range 100 {
			check(t, d.Flip("log"))
			check(t, start(t, d).PowerLoss()) // it is on the disk, and not only in memory
			b, err := d.ReadFile("wal")
			check(t, err)
			seen[string(b)] = true
			check(t, d.Repair())
			expect(t, "the disk has", files(d), "wal: some bytes")
		}
		if len(seen) < 50 || seen["some bytes"] {
			t.Errorf("%d bits were flipped", len(seen))
		}
		check(t, d.Repair())
		check(t, d.Drop("log")) // nothing can be dropped of it
		check(t, d.Drop("snapshot"))
		expect(t, "the disk has", files(d), "wal: some bytes")
	})
}

// TestAFileIsTruncatedAndMadeWhole: at least its last byte is missing meanwhile.
func TestAFileIsTruncatedAndMadeWhole(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		v.Declare("log", d.Files("wal"))
		create(t, v, "wal", "bytes") // and nobody has synced them
		check(t, v.Close())
		seen := map[string]bool{}
		for range 100 {
			check(t, d.Truncate("log"))
			check(t, start(t, d).PowerLoss())
			seen[files(d)] = true
			check(t, d.Repair())
			expect(t, "the disk has", files(d), "wal: bytes")
		}
		if len(seen) != len("bytes") || seen["wal: bytes"] {
			t.Errorf("there was found %v", seen)
		}
	})
}

// TestARepairLeavesWhatWasWrittenSince: a program that does not find the damage goes on with the file.
func TestARepairLeavesWhatWasWrittenSince(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(*Disk, Part) error
		after  func(*testing.T, *Volume)
		want   string
	}{
		"a bit":            {(*Disk).Flip, func(t *testing.T, v *Volume) { create(t, v, "wal", "A") }, "wal: A"},
		"a bit of no file": {(*Disk).Flip, func(t *testing.T, v *Volume) { check(t, v.Remove("wal")) }, "nothing"},
		"the end":          {(*Disk).Truncate, func(t *testing.T, v *Volume) { create(t, v, "wal", "A") }, "wal: A"},
		"of no file":       {(*Disk).Truncate, func(t *testing.T, v *Volume) { check(t, v.Remove("wal")) }, "nothing"},
		"the whole file":   {(*Disk).Flip, func(t *testing.T, v *Volume) { create(t, v, "wal", "") }, "wal: empty"},
	} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
				v := start(t, d)
				v.Declare("log", d.Files("wal"))
				create(t, v, "wal", "x")
				check(t, v.Close())
				check(t, c.damage(d, "log"))
				v = start(t, d)
				c.after(t, v)
				check(t, v.Close())
				check(t, d.Repair())
				expect(t, "the disk has", files(d), c.want)
			})
		})
	}
}

// TestWhatAProgramDoesNotDeclareIsFoundByPatterns, wherever it is, and damaged where there is data: not in a hole.
func TestWhatAProgramDoesNotDeclareIsFoundByPatterns(t *testing.T) {
	d := New(Config{FaultRand: rand.New(rand.NewPCG(1, 3)), Base: time.Millisecond, Parts: map[Part][]string{
		LogPart: {"*/wal/*.wal"}, SnapshotPart: {"*/snap/*.snap", "*/snap/db"}, "none": {"*"},
	}})
	v := start(t, d)
	check(t, v.Mkdir("member"))
	check(t, v.Mkdir("member/wal"))
	check(t, v.Mkdir("member/snap"))
	for _, name := range []string{"member/wal/1.wal", "member/wal/2.wal"} {
		check(t, create(t, v, name, "entries").Truncate(1<<20))
	}
	create(t, v, "member/wal/next.tmp", "nothing of it")
	check(t, v.Close())

	if !d.Has(LogPart) || d.Has(SnapshotPart) || d.Has("none") {
		t.Error("the log is not there, or something else is")
	}
	changed := map[string]int{}
	for range 100 {
		before := map[string]string{}
		for _, name := range d.Names() {
			b, _ := d.ReadFile(name)
			before[name] = string(b)
		}
		check(t, d.Flip(LogPart))
		for _, name := range d.Names() {
			if b, _ := d.ReadFile(name); string(b) != before[name] {
				changed[name]++
				if len(b) != 1<<20 || string(b[pageSize:]) != before[name][pageSize:] {
					t.Errorf("%s was changed where it has no data", name)
				}
			}
		}
		check(t, d.Repair())
	}
	if len(changed) != 2 || changed["member/wal/1.wal"] < 30 || changed["member/wal/2.wal"] < 30 {
		t.Errorf("what was changed is %v", changed)
	}
}
