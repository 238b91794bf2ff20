package versions

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// register is one key.
type register struct {
	name    string
	acts    []act // that tell their version
	pending []act // changes of unknown outcome
}

// version is what is known of one.
type version struct {
	number int64
	writer *act   // nil if no acknowledged change made it
	seen   []*act // by whom
	value  history.Value
	source *act // who tells the value
	// deadline is the first return among what saw or made this version or a later one, and by is that operation.
	deadline int32
	by       *act
}

// judge finds what is wrong with a register, or why that is not known; nil if nothing is wrong.
func (r *register) judge(clock *timebound.Clock) *checker.Finding {
	all, f := r.versions()
	if f == nil {
		f = r.inOrder(all)
	}
	if f == nil {
		f = r.unwritten(all, clock)
	}
	return f
}

// versions collects what is known of each version that was told, in order. The first is 0.
func (r *register) versions() ([]*version, *checker.Finding) {
	byNumber := map[int64]*version{0: {value: history.NilValue()}}
	of := func(n int64) *version {
		if byNumber[n] == nil {
			byNumber[n] = &version{number: n}
		}
		return byNumber[n]
	}
	for i := range r.acts {
		a := &r.acts[i]
		v := of(a.version)
		switch {
		case !a.changes():
			v.seen = append(v.seen, a)
		case a.version == 0:
			return nil, r.finding("one-writer", "version 0", fmt.Sprintf("%s made version 0 of %s, which is there before anything is written", who(a), r), a)
		case v.writer != nil:
			return nil, r.finding("one-writer", "made twice", fmt.Sprintf("%s and %s both made version %d of %s", who(v.writer), who(a), a.version, r), v.writer, a)
		default:
			v.writer = a
		}
	}
	for i := range r.acts {
		a := &r.acts[i]
		if f := r.tell(of(a.version), a, a.value); f != nil {
			return nil, f
		}
		if a.op.F != "cas" {
			continue
		}
		if a.before != untold && a.before != a.version-1 {
			return nil, r.finding("one-value", "wrong expectation", fmt.Sprintf("%s expected version %d of %s and made version %d", who(a), a.before, r, a.version), a)
		}
		if f := r.tell(of(a.version-1), a, a.old); f != nil {
			return nil, f
		}
	}
	var all []*version
	for _, v := range byNumber {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *version) int { return cmp.Compare(a.number, b.number) })
	return all, nil
}

// tell notes the value of a version.
func (r *register) tell(v *version, a *act, value history.Value) *checker.Finding {
	switch {
	case value.Kind() == history.None:
		return nil
	case v.value.Kind() == history.None:
		v.value, v.source = value, a
		return nil
	case v.value.Equal(value):
		return nil
	case v.source == nil:
		return r.finding("one-value", "thin-air read", fmt.Sprintf("%s found %v in version 0 of %s, which is null", who(a), value, r), a)
	}
	return r.finding("one-value", "two values", fmt.Sprintf("version %d of %s is %v by %s, and %v by %s", v.number, r, v.value, who(v.source), value, who(a)), v.source, a)
}

// inOrder compares each operation with the one among all smaller versions that began last, and sets the deadlines.
func (r *register) inOrder(all []*version) *checker.Finding {
	var latest *act
	for _, v := range all {
		if w := v.writer; w != nil {
			for _, a := range v.seen {
				if a.op.Returned < w.op.Invoked {
					return r.finding("in-order", "future read", fmt.Sprintf("%s saw version %d of %s, and returned before %s began, which made it", who(a), v.number, r, who(w)), a, w)
				}
			}
		}
		ops := v.operations()
		for _, a := range ops {
			if latest != nil && a.op.Returned < latest.op.Invoked {
				return r.finding("in-order", "stale read", r.stale(a, latest), a, latest)
			}
		}
		for _, a := range ops {
			if latest == nil || a.op.Invoked > latest.op.Invoked {
				latest = a
			}
		}
	}
	var first *act
	for _, v := range slices.Backward(all) {
		for _, a := range v.operations() {
			if first == nil || a.op.Returned < first.op.Returned {
				first = a
			}
		}
		if v.by = first; first != nil {
			v.deadline = first.op.Returned
		}
	}
	return nil
}

// stale says that later, with a smaller version, began after earlier had returned.
func (r *register) stale(earlier, later *act) string {
	return fmt.Sprintf("%s had version %d of %s%s %s with version %d had returned", who(later), later.version, r,
		wording.After(later.op.Invoke-earlier.op.Return), who(earlier), earlier.version)
}

// operations are those that made or saw a version.
func (v *version) operations() []*act {
	if v.writer == nil {
		return v.seen
	}
	return append([]*act{v.writer}, v.seen...)
}

func (r *register) finding(rule, anomaly, sentence string, show ...*act) *checker.Finding {
	f := &checker.Finding{Rule: rule, Anomaly: anomaly, On: r.name, Validity: checker.Invalid, Sentence: sentence, Total: len(r.acts) + len(r.pending)}
	var ops []history.Operation
	for _, a := range show {
		ops = append(ops, *a.op)
	}
	f.Show(ops...)
	return f
}

// String names the register in a sentence.
func (r *register) String() string { return cmp.Or(r.name, "the register") }

func who(a *act) string { return fmt.Sprintf("process %d's %s", a.op.Process, a.op.F) }
