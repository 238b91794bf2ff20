// Package siblings judges registers that keep concurrent writes side by side (ops.Siblings). A write says which values it replaces: those that
// its client had read. So the history alone tells which values may be gone, and each value is judged by itself, without a search.
//
//	lost        a read lacks a value whose write was acknowledged before it began, though nobody had begun to write in its place when the
//	            read returned; and it is a final read, or nobody ever replaces the value and no later read has it. Where reads may be stale
//	            only a final read says so: without one the answer is unknown
//	stale       a read lacks a value so, and the value is not lost; this is invalid unless reads may be stale
//	resurrected a read has a value along with one that was written in its place, or in place of one that was, and so on
//	unexpected  a read has a value that nobody had written when it returned, or only writes that failed
//	duplicated  a read has a value twice
//
// A write whose outcome is unknown may take effect at any later time, or never: it need not be read, and what it replaces may be gone. A
// register without an acknowledged value that a read could have lacked says nothing; if none says anything the answer is unknown.
package siblings

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "siblings"

// Options say what a store promises.
type Options struct {
	Stale bool // reads may be stale, as long as a final one is not
}

// Checker asks what became of each value.
func Checker(o Options) checker.Checker {
	return perkey.Kind{Part: Part, Noun: "register", Functions: []string{ops.Read, ops.Write}, Begin: func() perkey.Judge { return &judge{Options: o} }}.Checker()
}

// judge judges registers, and counts.
type judge struct {
	Options
	needed int // pairs of a read and a value that it had to have
	stale  int
	most   int // siblings in a read
}

func (j *judge) Judge(o *perkey.Object) []checker.Finding {
	r, unreadable := read(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	var found []checker.Finding
	for _, f := range []*checker.Finding{j.missing(r), r.resurrected(), r.unexpected(), r.duplicated()} {
		if f != nil {
			found = append(found, *f)
		}
	}
	for _, s := range r.reads {
		j.most = max(j.most, len(s.values))
	}
	return found
}

// missing finds a value that a read lacks: rather one that is lost than one that comes back.
func (j *judge) missing(r *register) *checker.Finding {
	var stale, lost []lack
	undecided := false // whether a value that later reads lack, too, would have come back
	due := slices.Clone(r.acknowledged)
	slices.SortFunc(due, func(a, b *write) int { return cmp.Compare(a.op.Returned, b.op.Returned) })
	var known []*write // that were acknowledged before the read begins, and not replaced before
	for _, s := range r.reads {
		for len(due) > 0 && due[0].op.Returned < s.op.Invoked {
			known, due = append(known, due[0]), due[1:]
		}
		known = slices.DeleteFunc(known, func(w *write) bool { return w.replacer < s.op.Invoked })
		r.Clock.Spend(len(known))
		for _, w := range known {
			if w.replacer < s.op.Returned {
				continue
			}
			j.needed++
			gone := w.replacer == never && s.op.Invoked >= w.seenLast
			switch {
			case s.has(w.value):
			case r.Final(s.op) || gone && !j.Stale:
				lost = append(lost, lack{w, s.op})
			default:
				stale = append(stale, lack{w, s.op})
				undecided = undecided || gone
			}
		}
	}
	j.stale += len(stale)
	switch {
	case len(lost) > 0:
		return r.lacking("lost", "and nobody has written in its place", lost)
	case len(stale) > 0 && !j.Stale:
		f := r.lacking("stale", "and nobody had begun to write in its place", stale)
		f.Sentence = "stale read: " + f.Sentence
		return f
	case undecided && !slices.ContainsFunc(r.reads, func(s seen) bool { return r.Final(s.op) }):
		f := r.Undecided("reads may be stale, and there is no final one: what its last reads lack may be lost")
		return &f
	}
	return nil
}

// lack is a value that a read should have had.
type lack struct {
	write *write
	read  *history.Operation
}

func (r *register) lacking(rule, why string, all []lack) *checker.Finding {
	values := map[int32]bool{}
	for _, l := range all {
		values[l.write.value] = true
	}
	first := all[0]
	sentence := fmt.Sprintf("%s of %s lacks %s, which was acknowledged", perkey.Who(first.read), r.The(), perkey.Short(r.numbers.Value(first.write.value)))
	if d := first.read.Invoke - first.write.op.Return; d > 0 {
		sentence += fmt.Sprintf(" %s before", wording.Duration(d))
	}
	f := r.Found(rule, sentence+", "+why+more(len(values)), first.write.op, first.read)
	return &f
}

// more says that there are more values of which the same holds.
func more(values int) string {
	if values == 1 {
		return ""
	}
	return fmt.Sprintf("; the same holds for %s", wording.Count(values-1, "other value"))
}

// resurrected finds a read with a value and one that replaced it.
func (r *register) resurrected() *checker.Finding {
	for _, s := range r.reads {
		for _, v := range s.values {
			for _, newer := range s.values {
				old, by := r.writes[v], r.writes[newer]
				if old == nil || by == nil || old == by || !r.replaces(by, old, map[*write]bool{}) {
					continue
				}
				f := r.Found("resurrected", fmt.Sprintf("%s of %s has %s along with %s, which was written in its place", perkey.Who(s.op), r.The(),
					perkey.Short(r.numbers.Value(v)), perkey.Short(r.numbers.Value(newer))), old.op, by.op, s.op)
				return &f
			}
		}
	}
	return nil
}

// replaces reports whether a write is in place of an older one, or of one that is, and so on. Whatever is, was invoked after the older one.
func (r *register) replaces(newer, older *write, visited map[*write]bool) bool {
	r.Clock.Spend(1)
	if visited[newer] || newer.op.Invoked <= older.op.Invoked {
		return false
	}
	visited[newer] = true
	for _, v := range newer.replaced {
		if w := r.writes[v]; w != nil && (w == older || r.replaces(w, older, visited)) {
			return true
		}
	}
	return false
}

func (r *register) unexpected() *checker.Finding {
	for _, s := range r.reads {
		for _, v := range s.values {
			w := r.writes[v]
			if w != nil && w.op.Outcome != history.Fail && w.op.Invoked < s.op.Returned {
				continue
			}
			why, shown := "which nobody had written", []*history.Operation{s.op}
			if w != nil {
				shown = append(shown, w.op)
			}
			if w != nil && w.op.Outcome == history.Fail {
				why = "whose write had failed"
			}
			f := r.Found("unexpected", fmt.Sprintf("%s of %s has %s, %s", perkey.Who(s.op), r.The(), perkey.Short(r.numbers.Value(v)), why), shown...)
			return &f
		}
	}
	return nil
}

func (r *register) duplicated() *checker.Finding {
	for _, s := range r.reads {
		for i, v := range s.values {
			if slices.Contains(s.values[:i], v) {
				f := r.Found("duplicated", fmt.Sprintf("%s of %s has %s twice", perkey.Who(s.op), r.The(), perkey.Short(r.numbers.Value(v))), s.op)
				return &f
			}
		}
	}
	return nil
}

// Held implements perkey.Judge.
func (j *judge) Held() (string, bool) {
	if j.needed == 0 {
		return "no value was acknowledged that a read could have lacked", false
	}
	text := fmt.Sprintf("reads had acknowledged values %s that nobody had replaced, and up to %s", wording.Count(j.needed-j.stale, "time"), wording.Count(j.most, "sibling"))
	if j.stale > 0 {
		text += fmt.Sprintf("; they lacked one %s, as they may be stale", wording.Count(j.stale, "time"))
	}
	return text, true
}
