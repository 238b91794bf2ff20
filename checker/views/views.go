package views

import (
	"cmp"
	"context"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "views"

// Checker asks whether views are what the log says, and agree.
func Checker() checker.Checker { return views{ends: true} }

// InProgress is Checker for a history that does not tell when all was settled. It does not ask whether views agree in the end, nor what is
// missing then.
func InProgress() checker.Checker { return views{} }

type views struct {
	ends bool // there are readings of the end
}

func (views) Name() string { return Part }

func (c views) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	part := checker.Part{Name: Part}
	k, err := learn(in)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	part.Operations, part.Objects = k.operations, len(k.names)
	k.prefix()
	k.durable()
	k.sound()
	k.oneLog()
	if !c.ends {
		return c.soFar(part, k)
	}
	if len(k.last) == 0 {
		part.Reason = "nobody read a view once everything was healed"
		return part
	}
	k.agreed()
	k.short()
	found := k.cases.Findings()
	if len(found) == 0 && !k.comparable() {
		part.Reason = "no two views were read in the end that have anything"
		return part
	}
	return part.Judged(found, "in "+wording.Count(len(k.looks), "look")+" views were what the log says, and they agreed in the end")
}

// soFar is the answer about a history that has no end.
func (views) soFar(part checker.Part, k *knowledge) checker.Part {
	found := k.cases.Findings()
	compared := 0
	for _, l := range k.looks {
		if l.Applied >= 0 && l.Applied <= int64(len(k.log)) {
			compared++
		}
	}
	if compared == 0 && len(found) == 0 {
		part.Reason = "no view was read that can be compared with the log"
		return part
	}
	return part.Judged(found, "in "+wording.Count(compared, "look")+" views were what the log says")
}

// show is what shows a case.
type show []*history.Operation

// broken notes that a rule is broken.
func (k *knowledge) broken(rule string, by show, format string, args ...any) {
	k.cases.Broken(rule, "", by, format, args...)
}

// unknown notes that it is not known whether a rule is broken.
func (k *knowledge) unknown(rule string, by *history.Operation, format string, args ...any) {
	k.cases.Unknown(rule, "", show{by}, format, args...)
}

// comparable reports whether there are views of the end to compare. Views of nothing agree whatever became of updates.
func (k *knowledge) comparable() bool {
	return len(k.last) > 1 && slices.ContainsFunc(k.last, func(l look) bool { return len(l.Values) > 0 })
}

// look is an operation that has read a view.
type look struct {
	op *history.Operation
	ops.Derived
}

// differ names the first key of which two views have different values; empty if there is none.
func differ(a, b map[string]history.Value) string {
	var keys []string
	for _, m := range []map[string]history.Value{a, b} {
		for key := range m {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		one, inA := a[key]
		other, inB := b[key]
		if inA != inB || !one.Equal(other) {
			return key
		}
	}
	return ""
}

// prefix compares each view with what the log makes of nothing.
func (k *knowledge) prefix() {
	slices.SortStableFunc(k.looks, func(a, b look) int { return int(a.Applied - b.Applied) })
	state, applied := map[string]history.Value{}, int64(0)
	for _, l := range k.looks {
		for ; applied < l.Applied && applied < int64(len(k.log)); applied++ {
			if r := k.log[applied]; r.change.Key != "" {
				state[r.change.Key] = r.change.Value
			}
		}
		if l.Applied < 0 || l.Applied > applied {
			continue
		}
		if key := differ(l.Values, state); key != "" {
			k.broken("prefix", show{l.op}, "the %s near %s has %s = %s when it has applied %s, which make it %s", l.op.Key, l.op.Where(), key, shown(l.Values, key),
				wording.Count(int(l.Applied), "record"), shown(state, key))
		}
	}
}

func shown(m map[string]history.Value, key string) string {
	if v, ok := m[key]; ok {
		return v.String()
	}
	return "nothing"
}

// durable looks for what was acknowledged in the log.
func (k *knowledge) durable() {
	for _, u := range k.updates {
		switch {
		case u.Offset == ops.Untold:
		case u.Offset >= int64(len(k.log)) && !k.ended():
		case u.Offset >= int64(len(k.log)):
			k.broken("durable", show{u.op}, "%s was acknowledged at offset %d of the log, which ends with %d", u.Value, u.Offset, len(k.log)-1)
		case !k.log[u.Offset].value.Equal(u.Value):
			r := k.log[u.Offset]
			k.broken("durable", show{u.op, r.read}, "%s was acknowledged at offset %d of the log, which has %s there", u.Value, u.Offset, r.value)
		}
	}
}

// sound asks of each record of the log whether it is an update that had begun and did not fail.
func (k *knowledge) sound() {
	for _, r := range k.log {
		switch by := k.made[r.value.String()]; {
		case by == nil:
			k.broken("sound", show{r.read}, "the log has %s at offset %d, which nobody has updated", r.value, r.offset)
		case by.Outcome == history.Fail:
			k.broken("sound", show{by, r.read}, "the log has %s at offset %d, although the update had failed", r.value, r.offset)
		case r.read.Returned < by.Invoked:
			k.broken("sound", show{r.read, by}, "the log had %s at offset %d before the update began", r.value, r.offset)
		}
	}
}

// oneLog says where nodes have different records.
func (k *knowledge) oneLog() {
	for _, r := range k.conflicts {
		other := k.log[r.offset]
		k.broken("agreed", show{other.read, r.read}, "the log has %s at offset %d near %s and %s near %s", other.value, r.offset, other.read.Where(), r.value, r.read.Where())
	}
}

// agreed compares all views of the end.
func (k *knowledge) agreed() {
	first := slices.MaxFunc(k.last, func(a, b look) int { return cmp.Compare(a.Applied, b.Applied) })
	for _, l := range k.last {
		switch key := differ(first.Values, l.Values); {
		case key == "":
		case l.Applied >= 0 && l.Applied < first.Applied && l.op.Return-k.settled < patience:
			k.unknown("agreed", l.op, "the %s near %s has applied %s, where others have applied %d, and the end was not waited for", l.op.Key, l.op.Where(),
				wording.Count(int(l.Applied), "record"), first.Applied)
		default:
			k.broken("agreed", show{first.op, l.op}, "in the end the %s near %s has %s = %s and the %s near %s has %s", first.op.Key, first.op.Where(), key,
				shown(first.Values, key), l.op.Key, l.op.Where(), shown(l.Values, key))
		}
	}
}

// short says of what the answer is unknown.
func (k *knowledge) short() {
	for _, u := range k.updates {
		if u.Offset >= int64(len(k.log)) && !k.ended() {
			k.unknown("durable", u.op, "%s was acknowledged at offset %d of the log, and nobody read more than %d records", u.Value, u.Offset, len(k.log))
		}
	}
	for _, l := range k.looks {
		if l.Applied > int64(len(k.log)) {
			k.unknown("prefix", l.op, "the %s near %s has applied %s, and nobody read more than %d", l.op.Key, l.op.Where(), wording.Count(int(l.Applied), "record"), len(k.log))
		}
	}
	for _, op := range k.failed {
		k.unknown("agreed", op, "the %s near %s was not read in the end: %s", op.Key, op.Where(), cmp.Or(op.Reason(), "it failed"))
	}
}
