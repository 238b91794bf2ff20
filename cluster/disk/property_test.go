package disk

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// act is one thing that a process does.
type act struct {
	What string
	File string
	To   string // of a rename
	Off  int64  // of a write in place and a truncation
	Data string
	Wait time.Duration
}

var fileNames = []string{"a", "b", "c"}

func drawAct(t *rapid.T) act {
	return act{
		What: rapid.SampledFrom([]string{"write", "write", "write", "at", "truncate", "sync", "sync-dir", "rename", "remove", "wait", "crash"}).Draw(t, "what"),
		File: rapid.SampledFrom(fileNames).Draw(t, "file"),
		To:   rapid.SampledFrom(fileNames).Draw(t, "to"),
		Off:  rapid.Int64Range(0, 1200).Draw(t, "off"),
		Data: strings.Repeat(rapid.StringN(1, 3, 3).Draw(t, "data"), rapid.SampledFrom([]int{1, 300}).Draw(t, "times")),
		Wait: rapid.SampledFrom([]time.Duration{time.Second, namesWait, contentsWait}).Draw(t, "wait"),
	}
}

// TestALossOfPowerLeavesWhatThePromisesAllow, whatever was done before, and nothing that is left is lost by another one.
// What they allow, the reference says.
func TestALossOfPowerLeavesWhatThePromisesAllow(t *testing.T) {
	for _, system := range []FileSystem{Ext4, Strict, Lazy} {
		t.Run(system.String(), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				lives := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawAct), 1, 30), 1, 3).Draw(rt, "lives")
				seed := rapid.Uint64().Draw(rt, "seed")
				complaint := ""
				synctest.Test(t, func(t *testing.T) { complaint = lossesOfPower(t, system, seed, lives) })
				if complaint != "" {
					rt.Fatal(complaint)
				}
			})
		})
	}
}

// lossesOfPower returns what is wrong with what a disk shows. The power goes at the end of each life.
func lossesOfPower(t *testing.T, system FileSystem, seed uint64, lives [][]act) string {
	d, left := newDisk(system, seed), map[string]string{}
	for _, acts := range lives {
		ref := newReference(system, left)
		v := start(t, d)
		for i, a := range acts {
			if a.What == "crash" {
				check(t, v.Crash())
				v = start(t, d)
			} else {
				a.onDisk(t, v)
				a.onReference(ref)
			}
			if got, want := held(d), ref.now(); !maps.Equal(got, want) {
				return fmt.Sprintf("after %d acts processes see\n%q\nand should see\n%q", i+1, got, want)
			}
		}
		check(t, v.PowerLoss())
		left = held(d)
		if !ref.allows(left) {
			return fmt.Sprintf("a loss of power leaves\n%q", left)
		}
		check(t, start(t, d).PowerLoss())
		if again := held(d); !maps.Equal(left, again) {
			return fmt.Sprintf("a loss of power leaves\n%q\nand another one\n%q", left, again)
		}
	}
	return ""
}

func held(d *Disk) map[string]string {
	all := map[string]string{}
	for _, name := range d.Names() {
		b, _ := d.ReadFile(name)
		all[name] = string(b)
	}
	return all
}

func (a act) onDisk(t *testing.T, v *Volume) {
	f, err := v.Open(a.File)
	switch a.What {
	case "wait":
		time.Sleep(a.Wait)
	case "sync-dir":
		check(t, v.SyncDir("."))
	case "rename":
		if err == nil {
			check(t, v.Rename(a.File, a.To))
		}
	case "remove":
		if err == nil {
			check(t, v.Remove(a.File))
		}
	case "sync":
		if err == nil {
			check(t, f.Sync())
		}
	default:
		if err != nil {
			f, err = v.Create(a.File)
			check(t, err)
		}
		switch a.What {
		case "write":
			_, err = f.Write([]byte(a.Data))
		case "at":
			_, err = f.WriteAt([]byte(a.Data), a.Off)
		case "truncate":
			err = f.Truncate(a.Off)
		}
		check(t, err)
	}
	if f != nil {
		check(t, f.Close())
	}
}

func (a act) onReference(r *reference) {
	if a.What == "wait" {
		r.pass(a.Wait)
		return
	}
	f := r.last()[a.File]
	switch a.What {
	case "sync-dir":
		r.pass(syncTime)
		r.syncNames()
	case "rename":
		if f != nil && a.File != a.To {
			r.rename(a.File, a.To)
		}
	case "remove":
		if f != nil {
			r.name(func(names map[string]*past) { delete(names, a.File) })
		}
	case "sync":
		if f == nil {
			return
		}
		r.pass(syncTime)
		f.sure = len(f.states) - 1
		if r.system == Ext4 {
			r.syncNames()
		}
	default:
		if f == nil {
			f = &past{states: []string{""}, made: []time.Duration{r.time}}
			r.name(func(names map[string]*past) { names[a.File] = f })
		}
		a.change(r, f)
	}
}

func (a act) change(r *reference, f *past) {
	now := f.states[len(f.states)-1]
	switch a.What {
	case "write":
		f.write(r, now, int64(len(now)), a.Data)
	case "at":
		f.write(r, now, a.Off, a.Data)
	case "truncate":
		if int64(len(now)) != a.Off {
			f.add(r, resized(now, a.Off), nil)
		}
	}
}
