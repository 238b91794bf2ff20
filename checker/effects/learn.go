package effects

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
)

// knowledge is what a history tells of records and their results.
type knowledge struct {
	operations int
	read       int // how many readings of results there were in the end
	logs       map[string]*log
	byValue    map[string]*record
	strange    []result // of nothing that was sent to the log that they are of
}

// group is one of workers, and where its results are.
type group struct{ name, results string }

// learn collects it: first what was sent, and by which groups it is processed, then the results.
func learn(in checker.Input) (*knowledge, error) {
	k := &knowledge{logs: map[string]*log{}, byValue: map[string]*record{}}
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
	found := map[string]map[int64]result{} // log → offset
	for i := range in.Operations {
		op := &in.Operations[i]
		of := processed(op.Key, groups)
		if op.F != ops.Fetch && op.F != ops.Poll || of == "" {
			continue
		}
		k.operations++
		if op.Outcome == history.OK && in.Final(op) {
			k.read++
		}
		if err := k.results(op, of, found); err != nil {
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

// results notes what an operation has read of the results of a log, at each offset once.
func (k *knowledge) results(op *history.Operation, of string, found map[string]map[int64]result) error {
	if op.Outcome != history.OK {
		return nil
	}
	all, err := ops.DecodeRecords(op.Output)
	if err != nil {
		return fmt.Errorf("process %d's %s cannot be read: %w", op.Process, op.F, err)
	}
	if found[op.Key] == nil {
		found[op.Key] = map[int64]result{}
	}
	for _, e := range all {
		if _, known := found[op.Key][e.Offset]; known {
			continue
		}
		one := result{op.Key, e.Offset, e.Value, op}
		found[op.Key][e.Offset] = one
		if r := k.byValue[e.Value.String()]; r != nil && r.log.name == of && r.sent.Outcome != history.Fail {
			r.result = append(r.result, one)
		} else {
			k.strange = append(k.strange, one)
		}
	}
	return nil
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
		f.Sentence += fmt.Sprintf(" to its log with success: process %d's %s was to %s", r.sent.Process, r.sent.F, r.log.name)
		shown = append(shown, *r.sent)
	}
	f.Show(shown...)
	return []checker.Finding{f}
}
