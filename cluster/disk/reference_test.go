package disk

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// reference is a disk that remembers everything: all states that a file has had, and all that the names had.
type reference struct {
	system FileSystem
	time   time.Duration
	root   *past
	files  []*past
	// Changes of names are counted. State n of all names is what n changes made of them.
	made []time.Duration // when; state 0 was there from the beginning
	sure int             // which state is the oldest that may be found; on Strict each directory has its own
	// flushed says up to where a file is written back with a change of names.
	flushed map[int]flushed
}

type flushed struct {
	file *past
	upTo int
}

// past is a file or directory.
type past struct {
	states []string
	torn   [][]string // what may be found instead of state i, for it was torn before
	made   []time.Duration
	sure   int // which state is the oldest that may be found

	names  []listing // of a directory
	synced int       // the change of names up to which they were synced
	// placed are the places that a directory had in directories that were synced, in order.
	placed []pastPlace
}

// listing is what is in a directory from a change of names on.
type listing struct {
	change int
	of     map[string]*past
}

type pastPlace struct {
	dir  *past
	name string
}

// found is what is found under a path: the content of a file, and which file it is. Files have the numbers in which they come. The
// path of a directory ends in a slash.
type found struct {
	content string
	file    int
}

// newReference begins with what is durable.
func newReference(system FileSystem, durable map[string]found) *reference {
	r := &reference{system: system, root: &past{}, made: []time.Duration{0}, flushed: map[int]flushed{}}
	r.root.names = []listing{{0, map[string]*past{}}}
	known := map[int]*past{}
	for _, path := range slices.Sorted(maps.Keys(durable)) {
		dir, name, _ := r.find(strings.TrimSuffix(path, "/"))
		number := durable[path].file
		if known[number] == nil {
			known[number] = r.file(durable[path].content, strings.HasSuffix(path, "/"))
		}
		dir.names[0].of[name] = known[number]
		known[number].placed = []pastPlace{{dir, name}}
	}
	return r
}

func (r *reference) file(content string, isDir bool) *past {
	f := &past{}
	if isDir {
		f.names = []listing{{0, map[string]*past{}}}
	} else {
		f.states, f.made = []string{content}, []time.Duration{r.time}
	}
	r.files = append(r.files, f)
	return f
}

func (f *past) isDir() bool { return f.names != nil }

// at is what is in a directory in a state of the names.
func (f *past) at(state int) map[string]*past {
	for _, l := range slices.Backward(f.names) {
		if l.change <= state {
			return l.of
		}
	}
	return nil
}

func (f *past) last() map[string]*past { return f.names[len(f.names)-1].of }

// find returns the directory that a path leads to, its last element, and what is there.
func (r *reference) find(path string) (dir *past, name string, f *past) {
	dir = r.root
	for {
		element, rest, more := strings.Cut(path, "/")
		if !more {
			return dir, element, dir.last()[element]
		}
		dir, path = dir.last()[element], rest
	}
}

// lookUp is find for any path, which may be the root's.
func (r *reference) lookUp(path string) *past {
	if path == "." {
		return r.root
	}
	_, _, f := r.find(path)
	return f
}

// name makes a change of names, of one directory or two.
func (r *reference) name(edits ...func()) {
	r.made = append(r.made, r.time)
	for _, edit := range edits {
		edit()
	}
	if r.system == Lazy {
		r.settle(r.change())
	}
}

// change is the number of the last change of names.
func (r *reference) change() int { return len(r.made) - 1 }

// edit returns what edits the names in a directory, as a part of a change.
func (r *reference) edit(dir *past, do func(map[string]*past)) func() {
	return func() {
		next := maps.Clone(dir.last())
		do(next)
		dir.names = append(dir.names, listing{r.change(), next})
	}
}

func (r *reference) create(path string, isDir bool) *past {
	f := r.file("", isDir)
	r.link(path, f)
	return f
}

func (r *reference) link(path string, f *past) {
	dir, name, _ := r.find(path)
	r.name(r.edit(dir, func(names map[string]*past) { names[name] = f }))
}

func (r *reference) remove(path string) {
	dir, name, _ := r.find(path)
	r.name(r.edit(dir, func(names map[string]*past) { delete(names, name) }))
}

func (r *reference) rename(from, to string) {
	oldDir, oldName, f := r.find(from)
	dir, name, over := r.find(to)
	if f == over {
		return
	}
	r.name(
		r.edit(oldDir, func(names map[string]*past) { delete(names, oldName) }),
		r.edit(dir, func(names map[string]*past) { names[name] = f }),
	)
	if over != nil && r.system.journaled() {
		r.flushed[r.change()] = flushed{f, len(f.states) - 1}
	}
}

// syncNames is what a sync does to names: of a directory, or with a file.
func (r *reference) syncNames(dir *past) {
	switch {
	case r.system == Strict && dir.isDir():
		r.syncDirectory(dir)
	case r.system.journaled():
		r.settle(r.change())
	}
}

// syncDirectory is what POSIX promises of a sync of a directory.
func (r *reference) syncDirectory(dir *past) {
	before := dir.at(dir.synced)
	for _, l := range dir.names {
		if l.change > dir.synced {
			for name, f := range l.of {
				if before[name] != f {
					f.placed = append(f.placed, pastPlace{dir, name})
				}
			}
			before = l.of
		}
	}
	dir.synced = r.change()
}

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
	if !r.system.journaled() {
		return
	}
	for i, made := range r.made {
		if r.time-made >= namesWait {
			r.settle(i)
		}
	}
	for _, f := range r.files {
		for i, made := range f.made {
			if r.time-made >= contentsWait {
				f.sure = max(f.sure, i)
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

// tree is all that can be reached, by its path, when each directory is in some state.
func (r *reference) tree(names func(dir *past) map[string]*past) map[string]*past {
	all := map[string]*past{}
	var below func(prefix string, dir *past)
	below = func(prefix string, dir *past) {
		for name, f := range names(dir) {
			if !f.isDir() {
				all[prefix+name] = f
			} else if all[prefix+name+"/"] = f; true {
				below(prefix+name+"/", f)
			}
		}
	}
	below("", r.root)
	return all
}

// synced is what was synced of a directory, without directories that a later sync found elsewhere.
func (r *reference) synced(dir *past) map[string]*past {
	names := maps.Clone(dir.at(dir.synced))
	maps.DeleteFunc(names, func(name string, f *past) bool {
		if !f.isDir() {
			return false
		}
		for _, p := range slices.Backward(f.placed) {
			if p.dir.at(p.dir.synced)[p.name] == f {
				return p != pastPlace{dir, name}
			}
		}
		return true
	})
	return names
}

// now is what processes see.
func (r *reference) now() map[string]found {
	all, numbers := map[string]found{}, map[*past]int{}
	tree := r.tree((*past).last)
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		f := tree[path]
		if _, ok := numbers[f]; !ok {
			numbers[f] = len(numbers)
		}
		all[path] = found{file: numbers[f]}
		if !f.isDir() {
			all[path] = found{f.states[len(f.states)-1], numbers[f]}
		}
	}
	return all
}

// allows reports whether this may be found after a loss of power: names as they were at some time, and contents as those
// files had them at some time.
func (r *reference) allows(found map[string]found) bool {
	if r.system == Strict { // names come by a sync or not at all
		return r.explains(r.tree(r.synced), nil, found)
	}
	for state := r.sure; state <= r.change(); state++ {
		sure := map[*past]int{}
		for i := r.sure + 1; i <= state; i++ {
			if f, ok := r.flushed[i]; ok {
				sure[f.file] = f.upTo
			}
		}
		if r.explains(r.tree(func(dir *past) map[string]*past { return dir.at(state) }), sure, found) {
			return true
		}
	}
	return false
}

func (r *reference) explains(tree map[string]*past, sure map[*past]int, found map[string]found) bool {
	if len(tree) != len(found) {
		return false
	}
	numbers, files := map[*past]int{}, map[int]*past{}
	for path, f := range tree {
		is, ok := found[path]
		if !ok || !f.isDir() && !f.allows(max(f.sure, sure[f]), is.content, r.system) {
			return false
		}
		if number, ok := numbers[f]; ok && number != is.file || files[is.file] != nil && files[is.file] != f {
			return false // names of one file are of two, or those of two of one
		}
		numbers[f], files[is.file] = is.file, f
	}
	return true
}

func (f *past) allows(from int, content string, system FileSystem) bool {
	if system == Lazy {
		return f.states[from] == content
	}
	if system == Unordered {
		return f.allowsSectors(from, content)
	}
	if slices.Contains(f.states[from:], content) {
		return true
	}
	return from+1 < len(f.torn) && slices.ContainsFunc(f.torn[from+1:], func(torn []string) bool { return slices.Contains(torn, content) })
}

// allowsSectors reports whether each sector is as it was at some time, and so is the size, or as a write left it that was torn.
func (f *past) allowsSectors(from int, content string) bool {
	states := f.states[from:]
	sizes := slices.Clone(states)
	for _, torn := range f.torn[min(from+1, len(f.torn)):] {
		sizes = append(sizes, torn...)
	}
	if !slices.ContainsFunc(sizes, func(s string) bool { return len(s) == len(content) }) {
		return false
	}
	for off := 0; off < len(content); off += sector {
		end := min(off+sector, len(content))
		if !slices.ContainsFunc(states, func(s string) bool { return resized(s, int64(max(len(s), end)))[off:end] == content[off:end] }) {
			return false
		}
	}
	return true
}
