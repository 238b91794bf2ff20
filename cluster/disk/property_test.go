package disk

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
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
	To   string // of a rename and a link
	Off  int64  // of a write in place and a truncation
	Data string
	Wait time.Duration
	Flag int // with which a file is opened to change it
}

// acts are what acts are drawn from.
type acts struct {
	first                     []act // of each life
	verbs, files, directories []string
}

var (
	// anything is most often what needs no directory, as that has the best chances to succeed.
	anything = acts{
		verbs: []string{"write", "write", "write", "at", "truncate", "sync", "sync-dir", "sync-dir", "rename", "rename", "remove", "wait",
			"crash", "mkdir", "mkdir", "link"},
		files:       []string{"a", "b", "d", "a", "b", "d", "d/a", "d/b", "d/a", "d/b", "d/e", "b/a", "d/e/a", "d/e/b"},
		directories: []string{".", ".", "d", "d", "d/e", "b", "a"},
	}
	// moves are directories that go into and out of each other.
	moves = acts{
		first: []act{{What: "mkdir", File: "a"}, {What: "mkdir", File: "b"}, {What: "mkdir", File: "a/c"},
			{What: "sync-dir", File: "."}, {What: "sync-dir", File: "a"}},
		verbs:       []string{"mkdir", "rename", "rename", "rename", "sync-dir", "sync-dir", "write"},
		files:       []string{"a", "b", "a/b", "b/a", "a/c", "b/c", "a/c", "b/c"},
		directories: []string{".", "a", "b", "a", "b", "a/b", "b/a"},
	}
)

func (from acts) draw(t *rapid.T) act {
	a := act{
		What: rapid.SampledFrom(from.verbs).Draw(t, "what"),
		To:   rapid.SampledFrom(from.files).Draw(t, "to"),
		Off:  rapid.Int64Range(0, 1200).Draw(t, "off"),
		Data: strings.Repeat(rapid.StringN(1, 3, 3).Draw(t, "data"), rapid.SampledFrom([]int{1, 300}).Draw(t, "times")),
		Wait: rapid.SampledFrom([]time.Duration{time.Second, namesWait, contentsWait}).Draw(t, "wait"),
		Flag: rapid.SampledFrom([]int{0, 0, 0, os.O_SYNC, dataSync, directIO}).Draw(t, "flag"),
	}
	switch a.What {
	case "mkdir", "sync-dir":
		a.File = rapid.SampledFrom(from.directories).Draw(t, "directory")
	default:
		a.File = rapid.SampledFrom(from.files).Draw(t, "file")
	}
	return a
}

// TestALossOfPowerLeavesWhatThePromisesAllow, whatever was done before, and nothing that is left is lost by another one.
// What they allow, the reference says. It is the same for a loss after each act that is only supposed.
func TestALossOfPowerLeavesWhatThePromisesAllow(t *testing.T) {
	for _, system := range FileSystems() {
		t.Run(system.String(), func(t *testing.T) { anything.test(t, system) })
	}
	t.Run("moves on strict", func(t *testing.T) { moves.test(t, Strict) })
}

func (from acts) test(t *testing.T, system FileSystem) {
	rapid.Check(t, func(rt *rapid.T) {
		lives := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(from.draw), 1, 30), 1, 3).Draw(rt, "lives")
		seed := rapid.Uint64().Draw(rt, "seed")
		complaint := ""
		synctest.Test(t, func(t *testing.T) { complaint = lossesOfPower(t, system, seed, from.first, lives) })
		if complaint != "" {
			rt.Fatal(complaint)
		}
	})
}

// lossesOfPower returns what is wrong with what a disk shows. The power goes at the end of each life.
func lossesOfPower(t *testing.T, system FileSystem, seed uint64, first []act, lives [][]act) string {
	d, left := newDisk(system, seed), map[string]found{}
	for _, acts := range lives {
		ref := newReference(system, left)
		v := start(t, d)
		for i, a := range slices.Concat(first, acts) {
			if a.What == "crash" {
				check(t, v.Crash())
				v = start(t, d)
			} else if a.onDisk(v) == nil {
				a.onReference(ref)
			}
			if got, want := held(d), ref.now(); !maps.Equal(got, want) {
				return fmt.Sprintf("after %d acts processes see\n%v\nand should see\n%v", i+1, got, want)
			}
			if left := held(d.AfterPowerLoss(config(Lazy, seed+uint64(i)))); !ref.allows(left) {
				return fmt.Sprintf("a loss of power after %d acts would leave\n%v", i+1, left)
			}
		}
		check(t, v.PowerLoss())
		left = held(d)
		if !ref.allows(left) {
			return fmt.Sprintf("a loss of power leaves\n%v", left)
		}
		check(t, start(t, d).PowerLoss())
		if again := held(d); !maps.Equal(left, again) {
			return fmt.Sprintf("a loss of power leaves\n%v\nand another one\n%v", left, again)
		}
	}
	return ""
}

func held(d *Disk) map[string]found {
	all, numbers := map[string]found{}, map[*inode]int{}
	for _, path := range d.Names() {
		_, f, _ := d.files.find(strings.TrimSuffix(path, "/"))
		if _, ok := numbers[f]; !ok {
			numbers[f] = len(numbers)
		}
		b, _ := d.ReadFile(path)
		all[path] = found{string(b), numbers[f]}
	}
	return all
}

// onDisk returns the error of what cannot be done.
func (a act) onDisk(v *Volume) error {
	switch a.What {
	case "wait":
		time.Sleep(a.Wait)
		return nil
	case "mkdir":
		return v.Mkdir(a.File)
	case "sync-dir":
		return v.SyncDir(a.File)
	case "rename":
		return v.Rename(a.File, a.To)
	case "link":
		return v.Link(a.File, a.To)
	case "remove":
		return v.Remove(a.File)
	}
	flag := os.O_RDWR | os.O_CREATE | a.Flag
	if a.What == "sync" {
		flag = os.O_RDONLY
	}
	f, err := v.OpenFile(a.File, flag)
	if err != nil {
		return err
	}
	return errors.Join(a.onFile(f), f.Close())
}

func (a act) onFile(f *File) (err error) {
	switch a.What {
	case "write":
		_, err = f.Write([]byte(a.Data))
	case "at":
		_, err = f.WriteAt([]byte(a.Data), a.Off)
	case "truncate":
		err = f.Truncate(a.Off)
	case "sync":
		err = f.Sync()
	}
	return err
}

// onReference does what could be done.
func (a act) onReference(r *reference) {
	switch a.What {
	case "wait":
		r.pass(a.Wait)
	case "mkdir":
		r.create(a.File, true)
	case "rename":
		r.rename(a.File, a.To)
	case "link":
		r.link(a.To, r.lookUp(a.File))
	case "remove":
		r.remove(a.File)
	case "sync", "sync-dir":
		a.sync(r, r.lookUp(a.File), true)
	default:
		f := r.lookUp(a.File)
		if f == nil {
			f = r.create(a.File, false)
		}
		if a.change(r, f) && a.Flag != 0 {
			a.sync(r, f, a.Flag != directIO)
		}
	}
}

func (a act) sync(r *reference, f *past, names bool) {
	r.pass(syncTime)
	f.sure = max(0, len(f.states)-1)
	if names {
		r.syncNames(f)
	}
}

// change reports whether there is anything to change.
func (a act) change(r *reference, f *past) bool {
	now := f.states[len(f.states)-1]
	switch a.What {
	case "write":
		f.write(r, now, int64(len(now)), a.Data)
	case "at":
		f.write(r, now, a.Off, a.Data)
	case "truncate":
		if int64(len(now)) == a.Off {
			return false
		}
		f.add(r, resized(now, a.Off), nil)
	}
	return true
}
