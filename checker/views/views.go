package views

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "views"

// Checker asks whether views are what the log says, and agree.
func Checker() checker.Checker { return views{} }

type views struct{}

func (views) Name() string { return Part }

func (views) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	part := checker.Part{Name: Part}
	k, err := learn(in)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	part.Operations, part.Objects = k.operations, len(k.names)
	if len(k.last) == 0 {
		part.Reason = "nobody read a view once everything was healed"
		return part
	}
	var all []checker.Finding
	for _, rule := range []func() []checker.Finding{k.prefix, k.durable, k.agreed, k.short} {
		all = append(all, rule()...)
	}
	return part.Judged(all, fmt.Sprintf("%s were what the log says, and agreed in the end", wording.Count(len(k.looks), "view")))
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
func (k *knowledge) prefix() []checker.Finding {
	c := collected{rule: "prefix"}
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
			c.add(fmt.Sprintf("the %s near %s has %s = %s when it has applied %s, which make it %s", l.op.Key, where(l.op), key, shown(l.Values, key),
				wording.Count(int(l.Applied), "record"), shown(state, key)), *l.op)
		}
	}
	return c.findings(checker.Invalid)
}

func shown(m map[string]history.Value, key string) string {
	if v, ok := m[key]; ok {
		return v.String()
	}
	return "nothing"
}

func where(op *history.Operation) string {
	if op.Node() != "" {
		return op.Node()
	}
	return fmt.Sprintf("process %d", op.Process)
}

// durable looks for what was acknowledged in the log.
func (k *knowledge) durable() []checker.Finding {
	c := collected{rule: "durable"}
	for _, u := range k.updates {
		switch {
		case u.Offset == ops.Untold:
		case u.Offset >= int64(len(k.log)) && !k.ended():
		case u.Offset >= int64(len(k.log)):
			c.add(fmt.Sprintf("%s was acknowledged at offset %d of the log, which ends with %d", u.Value, u.Offset, len(k.log)-1), *u.op)
		case !k.log[u.Offset].value.Equal(u.Value):
			c.add(fmt.Sprintf("%s was acknowledged at offset %d of the log, which has %s there", u.Value, u.Offset, k.log[u.Offset].value), *u.op, *k.log[u.Offset].read)
		}
	}
	return c.findings(checker.Invalid)
}

// agreed compares all views of the end.
func (k *knowledge) agreed() []checker.Finding {
	c := collected{rule: "agreed"}
	for _, r := range k.conflicts {
		other := k.log[r.offset]
		c.add(fmt.Sprintf("the log has %s at offset %d near %s and %s near %s", other.value, r.offset, where(other.read), r.value, where(r.read)), *other.read, *r.read)
	}
	first := k.last[0]
	for _, l := range k.last[1:] {
		if key := differ(first.Values, l.Values); key != "" {
			c.add(fmt.Sprintf("in the end the %s near %s has %s = %s and the %s near %s has %s", first.op.Key, where(first.op), key, shown(first.Values, key),
				l.op.Key, where(l.op), shown(l.Values, key)), *first.op, *l.op)
		}
	}
	return c.findings(checker.Invalid)
}

// short says of what the answer is unknown.
func (k *knowledge) short() []checker.Finding {
	c := collected{rule: "prefix"}
	for _, u := range k.updates {
		if u.Offset >= int64(len(k.log)) && !k.ended() {
			c.add(fmt.Sprintf("%s was acknowledged at offset %d of the log, and nobody read more than %d records", u.Value, u.Offset, len(k.log)), *u.op)
		}
	}
	for _, l := range k.looks {
		if l.Applied > int64(len(k.log)) {
			c.add(fmt.Sprintf("the %s near %s has applied %s, and nobody read more than %d", l.op.Key, where(l.op), wording.Count(int(l.Applied), "record"), len(k.log)), *l.op)
		}
	}
	for _, op := range k.failed {
		c.add(strings.TrimSpace(fmt.Sprintf("the %s near %s was not read in the end: %s", op.Key, where(op), op.Reason())), *op)
	}
	return c.findings(checker.Unknown)
}

// collected is the first case of a rule, and how many there are.
type collected struct {
	rule     string
	sentence string
	shown    []history.Operation
	count    int
}

func (c *collected) add(sentence string, shown ...history.Operation) {
	if c.count == 0 {
		c.sentence, c.shown = sentence, shown
	}
	c.count++
}

func (c *collected) findings(v checker.Validity) []checker.Finding {
	if c.count == 0 {
		return nil
	}
	f := checker.Finding{Rule: c.rule, Validity: v, Sentence: c.sentence + wording.MoreLikeIt(c.count)}
	f.Show(c.shown...)
	return []checker.Finding{f}
}
