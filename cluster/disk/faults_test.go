package disk

import (
	"errors"
	"syscall"
	"testing"
	"time"
)

func TestASlowDiskTakesLonger(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		f := create(t, start(t, d), "log", "one")
		sync := func() { check(t, f.Sync()) }
		d.Slow(10*time.Millisecond, 0)
		if took := takes(sync); took != syncTime+10*time.Millisecond {
			t.Errorf("a sync took %v", took)
		}
		d.Slow(10*time.Millisecond, 5*time.Millisecond)
		longest := time.Duration(0)
		for range 100 {
			longest = max(longest, takes(sync))
		}
		if longest < 20*time.Millisecond || longest > 100*time.Millisecond {
			t.Errorf("the longest of 100 syncs took %v", longest)
		}
		d.Fast()
		if took := takes(sync); took != syncTime {
			t.Errorf("a sync took %v afterwards", took)
		}
		if took := takes(func() { add(t, f, "two") }); took != 0 {
			t.Errorf("a write took %v", took)
		}
	})
}

func TestAProcessStartsOnADiskThatTakesWrites(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		for name, c := range map[string]struct {
			begin, end func(*Disk)
			want       error
		}{
			"failing": {(*Disk).Fail, (*Disk).Mend, syscall.EIO},
			"full":    {(*Disk).Fill, (*Disk).Free, syscall.ENOSPC},
			"stuck":   {(*Disk).Stick, (*Disk).Unstick, nil},
		} {
			c.begin(d)
			if err := d.Startable(); err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
			c.end(d)
			check(t, d.Startable())
		}
		d.Lie()
		check(t, d.Startable())
	})
}

// TestAProcessDiesAtAPoint, once, and what is left of it does not die again.
func TestAProcessDiesAtAPoint(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		var deaths []string
		d.OnDeath(func(kind, detail string) {
			deaths = append(deaths, kind+": "+detail)
			check(t, v.Crash())
		})
		d.Arm("here")
		d.Disarm()
		v.Reach("here")
		d.Arm("here")
		v.Reach("there")
		v.Reach("here")
		d.Arm("here")
		v.Reach("here")
		v.Die("panic", "it is dead already")
		d.Disarm()
		v = start(t, d)
		v.Reach("here")
		v.Die("panic", "no more")
		if len(deaths) != 2 || deaths[0] != "crash-at: here" || deaths[1] != "panic: no more" {
			t.Errorf("deaths %q", deaths)
		}
	})
}
