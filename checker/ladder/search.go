package ladder

import (
	"encoding/binary"
	"slices"

	"faultline/checker"
)

// search looks for a sequential order, op by op, within the forced order. Two things keep it from trying everything. A read
// that can take effect does so at once: it changes nothing, and an order in which it comes later is one in which it
// comes now. And a write waits until all reads of what it replaces have been. What is left to choose is which write is next;
// the first guess is a proposed order. Where it went on in vain it does not go again: all that matters there is how many
// ops of each session were done and what each key holds.
type search struct {
	*forced
	steps   int // that are left
	start   []int32
	index   []int32
	waits   []int32             // by op, for how many edges
	next    []int32             // by session, its next op
	held    []int32             // by key, the version
	readers []int32             // by version, how many reads of it are still to come; the initial ones behind the ops
	rank    []int32             // by op, its place in the proposed order
	done    []int32             // in order
	was     []int32             // what the key held before each of them
	dead    map[string]struct{} // from where it went on in vain, as far as there is memory to remember
	memory  int64
}

// choice is a point of the search at which a write was chosen.
type choice struct {
	done int     // ops before it
	left []int32 // the other writes that can be chosen, the best at the end
}

// How many writes the search tries before it gives up: a few for each op, and some more.
const (
	stepsEach  = 4
	stepsLeast = 200_000
)

func newSearch(f *forced, proposed []int32, steps int, memory int64) *search {
	n := len(f.ops)
	s := &search{forced: f, steps: steps, waits: make([]int32, n), next: make([]int32, len(f.sessions)),
		held: make([]int32, len(f.keys)), readers: make([]int32, n+len(f.keys)), rank: make([]int32, n), dead: map[string]struct{}{}, memory: memory}
	s.start, s.index = f.graph.outgoing()
	for i := range f.clock.UpTo(len(f.graph.edges)) {
		s.waits[f.graph.edges[i].to]++
	}
	for q := range s.next {
		s.next[q] = f.sessions[q].begin
	}
	for k := range s.held {
		s.held[k] = initial
	}
	for i := range f.clock.UpTo(len(f.ops)) {
		if f.ops[i].reads() {
			s.readers[s.version(f.ops[i].from, f.ops[i].key)]++
		}
	}
	for place, i := range proposed {
		s.rank[i] = int32(place)
	}
	return s
}

func (s *search) version(writer, key int32) int32 {
	if writer == initial {
		return int32(len(s.ops)) + key
	}
	return writer
}

// decide returns valid with an order, invalid if there is none, unknown if it gave up.
func (s *search) decide() (checker.Validity, []int32) {
	var choices []choice
	for {
		s.readAll()
		if len(s.done) == len(s.ops) {
			return checker.Valid, s.done
		}
		if left := s.choices(); len(left) > 0 && !s.isDead() {
			choices = append(choices, choice{len(s.done), left})
		}
		choices = s.backTo(choices)
		if len(choices) == 0 {
			return checker.Invalid, nil
		}
		if s.steps--; s.steps < 0 {
			return checker.Unknown, nil
		}
		last := &choices[len(choices)-1]
		n := len(last.left) - 1
		chosen := last.left[n]
		last.left = last.left[:n]
		s.do(chosen)
	}
}

// backTo goes back to the last choice that leaves something to choose.
func (s *search) backTo(choices []choice) []choice {
	for len(choices) > 0 {
		last := choices[len(choices)-1]
		for len(s.done) > last.done {
			s.clock.Spend(4)
			s.undo()
		}
		if len(last.left) > 0 {
			break
		}
		if key := s.state(); s.memory > int64(len(key)) {
			s.memory -= int64(len(key)) + 64
			s.dead[key] = struct{}{}
		}
		choices = choices[:len(choices)-1]
	}
	return choices
}

// readAll has all reads take effect that can.
func (s *search) readAll() {
	for progress := true; progress; {
		progress = false
		for q := range s.sessions {
			for s.next[q] < s.sessions[q].end && !s.ops[s.next[q]].writes && s.can(s.next[q]) {
				s.clock.Spend(4)
				s.do(s.next[q])
				progress = true
			}
		}
		s.clock.Spend(len(s.sessions))
	}
}

// can reports whether an op can be the next one.
func (s *search) can(i int32) bool {
	o := &s.ops[i]
	if s.waits[i] > 0 || o.reads() && s.held[o.key] != o.from {
		return false
	}
	if !o.writes {
		return true
	}
	left := s.readers[s.version(s.held[o.key], o.key)]
	if o.reads() {
		left-- // it is one of them
	}
	return left == 0
}

// choices are the writes that can be next, the one that is first in the proposed order at the end.
func (s *search) choices() []int32 {
	var list []int32
	s.clock.Spend(len(s.sessions))
	for q := range s.sessions {
		if i := s.next[q]; i < s.sessions[q].end && s.ops[i].writes && s.can(i) {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return int(s.rank[b]) - int(s.rank[a]) })
	return list
}

func (s *search) isDead() bool {
	if len(s.dead) == 0 {
		return false
	}
	_, dead := s.dead[s.state()]
	return dead
}

// state tells where the search is.
func (s *search) state() string {
	s.clock.Spend(len(s.next) + len(s.held))
	key := make([]byte, 0, 4*(len(s.next)+len(s.held)))
	for _, list := range [...][]int32{s.next, s.held} {
		for _, n := range list {
			key = binary.LittleEndian.AppendUint32(key, uint32(n))
		}
	}
	return string(key)
}

func (s *search) do(i int32) {
	o := &s.ops[i]
	s.done, s.was = append(s.done, i), append(s.was, s.held[o.key])
	s.next[o.session]++
	if o.reads() {
		s.readers[s.version(o.from, o.key)]--
	}
	if o.writes {
		s.held[o.key] = i
	}
	for _, e := range s.index[s.start[i]:s.start[i+1]] {
		s.waits[s.graph.edges[e].to]--
	}
}

func (s *search) undo() {
	i := s.done[len(s.done)-1]
	o := &s.ops[i]
	s.held[o.key] = s.was[len(s.was)-1]
	s.done, s.was = s.done[:len(s.done)-1], s.was[:len(s.was)-1]
	s.next[o.session]--
	if o.reads() {
		s.readers[s.version(o.from, o.key)]++
	}
	for _, e := range s.index[s.start[i]:s.start[i+1]] {
		s.waits[s.graph.edges[e].to]++
	}
}
