package disk

import (
	"fmt"
	"maps"
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
		check(t, v.SyncDir())
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

// reference is a disk that remembers everything: all states that a file has had, and all that the names had.
type reference struct {
	system FileSystem
	time   time.Duration
	names  []map[string]*past
	made   []time.Duration
	sure   int // which state of the names is the oldest that may be found
	// flushed says up to where a file is written back with a state of the names.
	flushed map[int]flushed
}

type flushed struct {
	file *past
	upTo int
}

// past is a file.
type past struct {
	states []string
	torn   [][]string // what may be found instead of state i, for it was torn before
	made   []time.Duration
	sure   int // which state is the oldest that may be found
}

// newReference begins with what is durable.
func newReference(system FileSystem, durable map[string]string) *reference {
	names := map[string]*past{}
	for name, content := range durable {
		names[name] = &past{states: []string{content}, made: []time.Duration{0}}
	}
	return &reference{system: system, names: []map[string]*past{names}, made: []time.Duration{0}, flushed: map[int]flushed{}}
}

func (r *reference) last() map[string]*past { return r.names[len(r.names)-1] }

func (r *reference) name(change func(map[string]*past)) {
	next := maps.Clone(r.last())
	change(next)
	r.names, r.made = append(r.names, next), append(r.made, r.time)
	if r.system == Lazy {
		r.syncNames()
	}
}

func (r *reference) rename(from, to string) {
	f := r.last()[from]
	over := r.last()[to] != nil
	r.name(func(names map[string]*past) {
		delete(names, from)
		names[to] = f
	})
	if over && r.system == Ext4 {
		r.flushed[len(r.names)-1] = flushed{f, len(f.states) - 1}
	}
}

func (r *reference) syncNames() { r.settle(len(r.names) - 1) }

// settle makes a state of the names the oldest that may be found.
func (r *reference) settle(state int) {
	for i := r.sure + 1; i <= state; i++ {
		if f, ok := r.flushed[i]; ok {
			f.file.sure = max(f.file.sure, f.upTo)
		}
	}
	r.sure = max(r.sure, state)
}

func (r *reference) pass(d time.Duration) {
	r.time += d
	if r.system != Ext4 {
		return
	}
	for i, made := range r.made {
		if r.time-made >= namesWait {
			r.settle(i)
		}
	}
	for _, names := range r.names {
		for _, f := range names {
			for i, made := range f.made {
				if r.time-made >= contentsWait {
					f.sure = max(f.sure, i)
				}
			}
		}
	}
}

func (f *past) add(r *reference, state string, torn []string) {
	for len(f.torn) < len(f.states) {
		f.torn = append(f.torn, nil)
	}
	f.states, f.torn, f.made = append(f.states, state), append(f.torn, torn), append(f.made, r.time)
}

func (f *past) write(r *reference, now string, off int64, data string) {
	var torn []string
	for end := (off/sector + 1) * sector; end < off+int64(len(data)); end += sector {
		torn = append(torn, written(now, off, data[:end-off]))
	}
	f.add(r, written(now, off, data), torn)
}

func written(now string, off int64, data string) string {
	out := []byte(resized(now, max(int64(len(now)), off+int64(len(data)))))
	copy(out[off:], data)
	return string(out)
}

func resized(now string, size int64) string {
	out := make([]byte, size)
	copy(out, now)
	return string(out)
}

// now is what processes see.
func (r *reference) now() map[string]string {
	all := map[string]string{}
	for name, f := range r.last() {
		all[name] = f.states[len(f.states)-1]
	}
	return all
}

// allows reports whether this may be found after a loss of power: names as they were at some time, and contents as those
// files had them at some time.
func (r *reference) allows(found map[string]string) bool {
	for state := r.sure; state < len(r.names); state++ {
		sure := map[*past]int{}
		for i := r.sure + 1; i <= state; i++ {
			if f, ok := r.flushed[i]; ok {
				sure[f.file] = f.upTo
			}
		}
		if r.explains(r.names[state], sure, found) {
			return true
		}
		if r.system != Ext4 {
			break // names come by a sync or not at all
		}
	}
	return false
}

func (r *reference) explains(names map[string]*past, sure map[*past]int, found map[string]string) bool {
	if len(names) != len(found) {
		return false
	}
	for name, f := range names {
		content, ok := found[name]
		if !ok || !f.allows(max(f.sure, sure[f]), content, r.system) {
			return false
		}
	}
	return true
}

func (f *past) allows(from int, content string, system FileSystem) bool {
	if system == Lazy {
		return f.states[from] == content
	}
	if slices.Contains(f.states[from:], content) {
		return true
	}
	return from+1 < len(f.torn) && slices.ContainsFunc(f.torn[from+1:], func(torn []string) bool { return slices.Contains(torn, content) })
}
