package effects

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// knowledge is what a history tells of records and their results.
type knowledge struct {
	operations int
	read       int // how many readings of results there were in the end
	logs       map[string]*log
	byValue    map[string]*record
	strange    []result // of nothing that was sent to the log that they are of
	found      map[string]*readings
	conflicts  [][2]result // at one offset
}

// readings are what was read of the results of a log.
type readings struct {
	of    string             // the log that they are of
	at    map[int64][]result // by offset: one, or those that differ
	next  int64              // the first offset behind all that was read
	ended int64              // the furthest offset from which on a reader of the end was told that there is nothing
}

// group is one of workers, and where its results are.
type group struct{ name, results string }

// learn collects it: first what was sent, and by which groups it is processed, then the results.
func learn(in checker.Input) (*knowledge, error) {
	k := &knowledge{logs: map[string]*log{}, byValue: map[string]*record{}, found: map[string]*readings{}}
	var groups []group
	for i := range in.Operations {
		op := &in.Operations[i]
		switch op.F {
		case ops.Send:
			k.operations++
			if err := k.sent(op); err != nil {
				return nil, err
			}
		case ops.Process:
			k.operations++
			results, _ := op.Input.Text()
			if g := (group{op.Key, results}); !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
	}
	for i := range in.Operations {
		op := &in.Operations[i]
		of := processed(op.Key, groups)
		if op.F != ops.Fetch && op.F != ops.Poll || of == "" {
			continue
		}
		k.operations++
		if err := k.results(op, of, in.Final(op)); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// processed is the log whose results are in a log; empty if there is none.
func processed(results string, groups []group) string {
	for _, g := range groups {
		if rest, ok := strings.CutPrefix(results, g.results+"/"); ok {
			return g.name + "/" + rest
		}
	}
	return ""
}

// sent notes a record.
func (k *knowledge) sent(op *history.Operation) error {
	r := &record{sent: op, offset: ops.Untold}
	if op.Outcome == history.OK {
		told, err := ops.DecodeRecord(op.Output)
		if err != nil {
			return fmt.Errorf("process %d's %s cannot be read: %w", op.Process, op.F, err)
		}
		r.offset = told.Offset
	}
	value := op.Input.String()
	if other := k.byValue[value]; other != nil {
		return fmt.Errorf("process %d and process %d both send %s: a value must be sent once", other.sent.Process, op.Process, value)
	}
	l := k.logs[op.Key]
	if l == nil {
		l = &log{name: op.Key}
		k.logs[op.Key] = l
	}
	r.log, k.byValue[value] = l, r
	l.records = append(l.records, r)
	return nil
}

// results notes what an operation has read of the results of a log.
func (k *knowledge) results(op *history.Operation, of string, final bool) error {
	if op.Outcome != history.OK {
		return nil
	}
	all, err := ops.DecodeRecords(op.Output)
	if err != nil {
		return fmt.Errorf("process %d's %s cannot be read: %w", op.Process, op.F, err)
	}
	l := k.found[op.Key]
	if l == nil {
		l = &readings{of: of, at: map[int64][]result{}, ended: -1}
		k.found[op.Key] = l
	}
	if final {
		k.read++
		if from, _ := op.Input.Int(); len(all) == 0 {
			l.ended = max(l.ended, from)
		}
	}
	for _, e := range all {
		k.result(l, result{op.Key, e.Offset, e.Value, op})
	}
	return nil
}

// result notes a result, once.
func (k *knowledge) result(l *readings, one result) {
	known := l.at[one.offset]
	if slices.ContainsFunc(known, func(other result) bool { return other.value.Equal(one.value) }) {
		return
	}
	if len(known) > 0 {
		k.conflicts = append(k.conflicts, [2]result{known[0], one})
	}
	l.at[one.offset], l.next = append(known, one), max(l.next, one.offset+1)
	if r := k.byValue[one.value.String()]; r != nil && r.log.name == l.of && r.sent.Outcome != history.Fail && r.sent.Invoked < one.read.Returned {
		r.result = append(r.result, one)
	} else {
		k.strange = append(k.strange, one)
	}
}

// agreed is the finding that nodes have different results at one offset.
func (k *knowledge) agreed() []checker.Finding {
	if len(k.conflicts) == 0 {
		return nil
	}
	one, other := k.conflicts[0][0], k.conflicts[0][1]
	f := checker.Finding{Rule: "agreed", On: one.log, Validity: checker.Invalid, Sentence: fmt.Sprintf("process %d's %s has %v at offset %d of %s, and process %d's %s has %v",
		one.read.Process, one.read.F, one.value, one.offset, one.log, other.read.Process, other.read.F, other.value) + wording.MoreLikeIt(len(k.conflicts))}
	f.Show(*one.read, *other.read)
	return []checker.Finding{f}
}

// unread are the findings about results that nobody has read to their end: there may be more. Their logs are marked.
func (k *knowledge) unread() (all []checker.Finding) {
	for _, name := range slices.Sorted(maps.Keys(k.found)) {
		if l := k.found[name]; l.ended < l.next {
			if log := k.logs[l.of]; log != nil {
				log.unread = true
			}
			all = append(all, checker.Finding{Rule: "unread", On: name, Validity: checker.Unknown,
				Sentence: fmt.Sprintf("nobody has read %s to its end once everything was healed: what comes after offset %d is not known", name, l.next-1)})
		}
	}
	return all
}

// invented is the finding about results of nothing.
func (k *knowledge) invented() []checker.Finding {
	if len(k.strange) == 0 {
		return nil
	}
	first := slices.MinFunc(k.strange, func(a, b result) int { return cmp.Or(strings.Compare(a.log, b.log), cmp.Compare(a.offset, b.offset)) })
	f := checker.Finding{Rule: "invented", On: first.log, Validity: checker.Invalid,
		Sentence: fmt.Sprintf("%v at offset %d of %s is the result of nothing that was sent", first.value, first.offset, first.log)}
	shown := []history.Operation{*first.read}
	if r := k.byValue[first.value.String()]; r != nil {
		f.Sentence += r.excuse(first)
		shown = append(shown, *r.sent)
	}
	f.Show(shown...)
	return []checker.Finding{f}
}

// excuse says why a result is not one of a record, though it has its value.
func (r *record) excuse(of result) string {
	by := fmt.Sprintf("process %d's %s", r.sent.Process, r.sent.F)
	switch {
	case r.sent.Outcome == history.Fail:
		return fmt.Sprintf(": %s had failed", by)
	case r.sent.Invoked > of.read.Returned:
		return fmt.Sprintf(" until then: %s began later", by)
	default:
		return fmt.Sprintf(" to its log: %s was to %s", by, r.log.name)
	}
}
