package disk

import (
	"maps"
	"slices"
	"time"
)

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
