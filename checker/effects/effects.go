package effects

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "effects"

// Checker asks whether each record that was acknowledged has its result once.
func Checker() checker.Checker { return results{ends: true} }

// InProgress is Checker for a history that does not tell when all was settled. It does not ask which results are missing.
func InProgress() checker.Checker { return results{} }

type results struct {
	ends bool // there are readings of the end
}

func (results) Name() string { return Part }

func (c results) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	part := checker.Part{Name: Part}
	k, err := learn(in)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	part.Operations, part.Objects = k.operations, len(k.logs)
	if k.read == 0 && c.ends {
		part.Reason = "nobody read the results once everything was healed"
		return part
	}
	broken, unknown, once := append(k.agreed(), k.invented()...), k.unread(), 0
	for _, name := range slices.Sorted(maps.Keys(k.logs)) {
		f := k.logs[name].fates()
		broken = append(broken, f.broken()...)
		unknown = append(unknown, f.unknown()...)
		once += f.once
	}
	if !c.ends {
		broken, unknown = slices.DeleteFunc(broken, func(f checker.Finding) bool { return f.Validity == checker.Unknown }), nil
	}
	if once == 0 && len(broken)+len(unknown) == 0 {
		part.Reason = "no result was read of a record that was acknowledged"
		return part
	}
	return part.Judged(append(broken, unknown...), wording.Count(once, "acknowledged record")+" had one result each")
}

// record is a value that was sent, and its results.
type record struct {
	log    *log
	sent   *history.Operation
	offset int64 // ops.Untold if nobody was told
	result []result
}

func (r *record) acknowledged() bool { return r.sent.Outcome == history.OK }

// result is that of a record, as the first operation that has read it tells.
type result struct {
	log    string
	offset int64
	value  history.Value
	read   *history.Operation
}

// log is one that is processed.
type log struct {
	name    string
	records []*record // in the order in which they were sent
	unread  bool      // nobody has read its results to their end
}

// fates are what became of the records of a log.
type fates struct {
	log                 *log
	lost, left, doubled []*record
	once                int     // acknowledged records with one result
	furthest            *record // the one at the largest offset that has a result; nil if none has
}

func (l *log) fates() fates {
	f := fates{log: l}
	for _, r := range l.records {
		if len(r.result) > 0 && r.offset >= 0 && (f.furthest == nil || r.offset > f.furthest.offset) {
			f.furthest = r
		}
	}
	for _, r := range l.records {
		switch none := len(r.result) == 0 && r.acknowledged(); {
		case len(r.result) > 1:
			f.doubled = append(f.doubled, r)
		case none && r.offset != ops.Untold && f.furthest != nil && r.offset < f.furthest.offset:
			f.lost = append(f.lost, r)
		case none:
			f.left = append(f.left, r)
		case r.acknowledged():
			f.once++
		}
	}
	return f
}

func (f *fates) broken() (all []checker.Finding) {
	if len(f.lost) > 0 {
		r, then, v := f.lost[0], f.furthest, checker.Invalid
		if f.log.unread {
			v = checker.Unknown // its result may be behind
		}
		all = append(all, f.finding("lost", v, f.lost, fmt.Sprintf("%v was acknowledged at offset %d of %s and has no result, and %v at offset %d has one",
			r.sent.Input, r.offset, f.log.name, then.sent.Input, then.offset), then.result[0].read))
	}
	if len(f.doubled) > 0 {
		r := f.doubled[0]
		first, second := r.result[0], r.result[1]
		all = append(all, f.finding("doubled", checker.Invalid, f.doubled, fmt.Sprintf("%v was sent to %s once and has two results, at offsets %d and %d of %s",
			r.sent.Input, f.log.name, first.offset, second.offset, first.log), second.read))
	}
	return all
}

func (f *fates) unknown() (all []checker.Finding) {
	if len(f.left) > 0 {
		r := f.left[0]
		sentence := fmt.Sprintf("%v was acknowledged at offset %d of %s and has no result, and nothing behind it has one", r.sent.Input, r.offset, f.log.name)
		if r.offset == ops.Untold {
			sentence = fmt.Sprintf("%v was acknowledged somewhere in %s and has no result", r.sent.Input, f.log.name)
		}
		all = append(all, f.finding("unprocessed", checker.Unknown, f.left, sentence))
	}
	return all
}

// finding is one about some records, of which it tells the first.
func (f *fates) finding(rule string, v checker.Validity, of []*record, sentence string, shown ...*history.Operation) checker.Finding {
	found := checker.Finding{Rule: rule, On: f.log.name, Validity: v, Sentence: sentence + wording.MoreLikeIt(len(of))}
	operations := []history.Operation{*of[0].sent}
	for _, op := range shown {
		operations = append(operations, *op)
	}
	found.Show(operations...)
	return found
}
