package disk

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// memory is a backing, which outlives the incarnations.
type memory struct {
	written []int
	batches int
}

func (m *memory) Write(records []int) error {
	m.written, m.batches = append(m.written, records...), m.batches+1
	return nil
}

func (m *memory) Close() error { return nil }

// TestAfterALossOfPowerThereIsAPrefixOfTheRecords, with everything in it whose sync has returned, wherever the power goes and
// however many writers there are.
func TestAfterALossOfPowerThereIsAPrefixOfTheRecords(t *testing.T) {
	for _, system := range []FileSystem{Ext4, Lazy, Unordered} {
		rapid.Check(t, func(rt *rapid.T) {
			writers := rapid.IntRange(1, 3).Draw(rt, "writers")
			lasts := time.Duration(rapid.Int64Range(0, int64(60*syncTime)).Draw(rt, "until"))
			seed := rapid.Uint64().Draw(rt, "seed")
			var returned, appended []int
			var m memory
			synctest.Test(t, func(t *testing.T) {
				d := newDisk(system, seed)
				d.config.Tail = syncTime // so that a later sync may end before an earlier one
				v := start(t, d)
				r := NewRecords(v, &m)
				var all sync.WaitGroup
				var mu sync.Mutex
				dead := false
				note := func(in *[]int, record int) {
					if !dead {
						*in = append(*in, record)
					}
				}
				for w := range writers {
					all.Go(func() {
						for i := range 20 {
							record := 100*w + i
							mu.Lock()
							r.Append(record)
							note(&appended, record)
							mu.Unlock()
							check(t, r.Sync())
							mu.Lock()
							note(&returned, record)
							mu.Unlock()
						}
					})
				}
				time.Sleep(lasts)
				mu.Lock()
				check(t, v.PowerLoss())
				dead = true
				mu.Unlock()
				all.Wait()
			})
			if len(m.written) > len(appended) || !slices.Equal(m.written, appended[:len(m.written)]) {
				rt.Fatalf("not a prefix of %v: %v", appended, m.written)
			}
			for _, record := range returned {
				if !slices.Contains(m.written, record) {
					rt.Fatalf("the sync of %d returned, and it is lost", record)
				}
			}
		})
	}
}

// TestRecordsReachTheBackingInBatches: wherever among them the power goes, all that was synced is there.
func TestRecordsReachTheBackingInBatches(t *testing.T) {
	for _, n := range []int{batch - 1, batch, batch + 1, 2*batch - 1, 2 * batch, 2*batch + 1} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
				var m memory
				v := start(t, d)
				r := NewRecords(v, &m)
				for i := range n {
					r.Append(i)
					check(t, r.Sync())
				}
				if got, want := len(m.written), n/batch*batch; got != want || m.batches != n/batch {
					t.Errorf("%d records are written in %d batches, want %d", got, m.batches, want)
				}
				check(t, v.PowerLoss())
				if len(m.written) != n {
					t.Errorf("%d records are written, want %d", len(m.written), n)
				}
			})
		})
	}
}

// TestRecordsAreRefusedOrWritten.
func TestRecordsAreRefusedOrWritten(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		var m memory
		v := start(t, d)
		r := NewRecords(v, &m)
		d.Fail()
		if err := r.Admit(); !errors.Is(err, syscall.EIO) {
			t.Errorf("a disk that fails: %v", err)
		}
		d.Mend()
		d.Fill()
		if err := r.Admit(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("a disk that is full: %v", err)
		}
		d.Free()
		check(t, r.Admit())
		r.Append(1)
		d.Fail()
		check(t, r.Sync())
		check(t, v.PowerLoss())
		if !slices.Equal(m.written, []int{1}) {
			t.Errorf("written are %v", m.written)
		}
		check(t, r.Admit()) // the dead meet no faults
		r.Append(2)
		check(t, r.Sync())
		if !slices.Equal(m.written, []int{1}) {
			t.Errorf("written are %v", m.written)
		}
	})
}

// TestUnsyncedRecords survive a crash, and a loss of power once they have been written back; on a disk that lies, none do.
func TestUnsyncedRecords(t *testing.T) {
	for name, c := range map[string]struct {
		system FileSystem
		wait   time.Duration
		lie    bool
		honest bool
		sync   bool
		end    func(*Volume) error
		want   int
	}{
		"a crash":                          {Lazy, 0, false, false, false, (*Volume).Crash, 2},
		"a loss of power":                  {Lazy, time.Hour, false, false, false, (*Volume).PowerLoss, 0},
		"after thirty seconds":             {Ext4, contentsWait, false, false, false, (*Volume).PowerLoss, 2},
		"a disk that lies":                 {Ext4, contentsWait, true, false, true, (*Volume).PowerLoss, 0},
		"a disk that lies no more":         {Ext4, 0, true, true, true, (*Volume).PowerLoss, 2},
		"a disk that lies, and a crash":    {Ext4, 0, true, false, true, (*Volume).Crash, 2},
		"a disk that never had to confirm": {Lazy, 0, true, true, false, (*Volume).PowerLoss, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var m memory
				d := newDisk(c.system, 1)
				v := start(t, d)
				r := NewRecords(v, &m)
				if c.lie {
					d.Lie()
				}
				r.Append(1)
				r.Append(2)
				if c.sync {
					check(t, r.Sync())
				}
				if c.honest {
					d.BeHonest()
				}
				time.Sleep(c.wait)
				check(t, c.end(v))
				if len(m.written) != c.want {
					t.Errorf("written are %v, want %d", m.written, c.want)
				}
			})
		})
	}
}

// TestACrashKeepsWhatRecordsRelyOn: a snapshot on a disk that lies, whose log was deleted. If the power goes after a crash, both
// are there, or neither is.
func TestACrashKeepsWhatRecordsRelyOn(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		var m memory
		v := start(t, d)
		d.Lie()
		check(t, create(t, v, "snapshot", "state").Sync())
		r := NewRecords(v, &m)
		r.Append(1)
		check(t, r.Sync())
		check(t, v.Crash())
		check(t, start(t, d).PowerLoss())
		expect(t, "the disk has", files(d), "snapshot: state")
		if len(m.written) != 1 {
			t.Errorf("written are %v", m.written)
		}
	})
}

// TestNamesAreJournaledWithARecord, as with any sync.
func TestNamesAreJournaledWithARecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(Ext4, 1)
		v := start(t, d)
		create(t, v, "a", "")
		r := NewRecords(v, &memory{})
		r.Append(1)
		check(t, r.Sync())
		check(t, v.PowerLoss())
		expect(t, "the disk has", files(d), "a: empty")
	})
}
