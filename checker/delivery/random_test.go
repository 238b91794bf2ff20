package delivery_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/internal/scripttest"
	"faultline/cluster/ops"
	"faultline/history"
)

// The checker and the definition agree, about feeds that a store may have made and about those that have one thing wrong, or a few.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[checker.Validity]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := &drawn{T: t, watch: rapid.Bool().Draw(t, "watch")}
		d.store()
		for range rapid.SampledFrom([]int{0, 0, 1, 1, 2}).Draw(t, "defects") {
			d.damage()
		}
		d.goOn()
		c := delivery.Log()
		if d.watch {
			c = delivery.Watch()
		}
		got := c.Check(t.Context(), checker.Input{Operations: d.all, Ending: checker.Ending{Settled: settled}}, checker.Options{})
		o := oracle{all: d.all, watch: d.watch, settled: settledAt, farthest: farthest, at: map[int]int64{}}
		want := checker.Invalid
		if o.explained(0) {
			want = checker.Valid
		}
		counts[want]++
		nothing := got.Validity == checker.Unknown && strings.Contains(got.Reason, "nothing was acknowledged") && want == checker.Valid
		if got.Validity != want && !nothing {
			t.Fatalf("want %v, got %s\n%s", want, scripttest.Show(got), shown(d.all))
		}
	})
	t.Logf("%d valid, %d invalid", counts[checker.Valid], counts[checker.Invalid])
}

func shown(all []history.Operation) string {
	var b strings.Builder
	for _, op := range all {
		fmt.Fprintf(&b, "%d-%d  %d  %s %s %v  %v %v\n", op.Invoked, op.Returned, op.Process, op.F, op.Key, op.Input, op.Outcome, op.Output)
	}
	return b.String()
}

const (
	farthest  = 10          // the largest position
	fine      = 64          // the positions in the history that a unit of time has, so that none comes twice
	settledAt = 1000 * fine // positions in the history from here on are final
	settled   = settledAt * time.Second
)

// drawn is a feed as some store might have served it: a few writes and readings, and two clients that read all in the end.
type drawn struct {
	*rapid.T
	watch bool
	all   []history.Operation
}

func (d *drawn) number(low, high int, label string) int {
	return rapid.IntRange(low, high).Draw(d.T, label)
}

// store draws what happens. Writes take effect in the order of their positions at the times 10, 20, …; each is under way around then.
func (d *drawn) store() {
	var held []history.Value // entries as they are read
	var when []int
	position := int64(0)
	for i := range d.number(1, 5, "writes") {
		now := 10 * (i + 1)
		w := history.Operation{F: ops.Send, Process: int32(i), Outcome: history.OK, Input: history.IntValue(int64(i + 1)),
			Invoked: int32(now - d.number(1, 19, "before")), Returned: int32(now + d.number(1, 19, "after"))}
		entries := d.shape(&w)
		switch outcome := d.number(0, 5, "outcome"); {
		case outcome == 0:
			w.Outcome, w.Output = history.Fail, history.Value{}
		case outcome <= 2:
			w.Outcome, w.Returned = history.Info, -1
		}
		if w.Outcome == history.OK || w.Outcome == history.Info && rapid.Bool().Draw(d.T, "took effect") {
			position += int64(d.number(1, 2, "gap"))
			for _, e := range entries {
				held, when = append(held, d.encode(position, e)), append(when, now)
			}
		}
		if w.Outcome == history.OK {
			w.Output = history.ListValue(history.IntValue(position), w.Input)
			if w.F == ops.Remove {
				w.Output = history.ListValue(history.IntValue(position), history.NilValue())
			}
		}
		d.all = append(d.all, w)
	}
	for i := range d.number(0, 3, "readings") {
		d.reading(held, when, 10+i)
	}
	for p := range 2 {
		d.end(held, 20+p)
	}
	slices.SortStableFunc(d.all, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	for i := range d.all {
		op := &d.all[i]
		op.Invoked, op.Returned = op.Invoked*fine+int32(i), op.Returned*fine+fine/2+int32(i)
		op.Invoke, op.Return = time.Duration(op.Invoked)*time.Second, time.Duration(op.Returned)*time.Second
	}
}

// part is a part of a write: a key, empty in a log, and its value.
type part struct {
	key   string
	value history.Value
}

// shape draws what kind of write it is.
func (d *drawn) shape(w *history.Operation) []part {
	if !d.watch {
		return []part{{"", w.Input}}
	}
	w.F, w.Key = ops.Put, rapid.SampledFrom([]string{"a", "b"}).Draw(d.T, "key")
	switch d.number(0, 3, "shape") {
	case 0:
		w.F, w.Input = ops.Remove, history.Value{}
		return []part{{w.Key, history.NilValue()}}
	case 1:
		n, _ := w.Input.Int()
		both := [][2]history.Value{{history.TextValue("a"), w.Input}, {history.TextValue("b"), history.IntValue(n + 100)}}
		w.Key, w.Input = "", history.MapValue(both...)
		return []part{{"a", both[0][1]}, {"b", both[1][1]}}
	default:
		return []part{{w.Key, w.Input}}
	}
}

func (d *drawn) encode(position int64, e part) history.Value {
	if d.watch {
		return ops.Event{Revision: position, Key: e.key, Value: e.value}.Encode()
	}
	return ops.Record{Offset: position, Value: e.value}.Encode()
}

// reading draws a reading of what was there at some time, up to a position that is complete.
func (d *drawn) reading(held []history.Value, when []int, process int) {
	now := d.number(1, 70, "read at")
	r := history.Operation{F: ops.Poll, Process: int32(process), Outcome: history.OK,
		Invoked: int32(now - d.number(0, 5, "before")), Returned: int32(now)}
	from, through := int64(d.number(0, 4, "from")), int64(d.number(0, farthest, "through"))
	r.F, r.Key = d.reads(ops.Poll)
	var got []history.Value
	for i, e := range held {
		if at := positionOf(e); when[i] < now && from <= at && at <= through && strings.HasPrefix(keyOf(e), r.Key) {
			got = append(got, e)
		}
	}
	if d.watch && len(got) > 0 && d.number(0, 3, "mark") == 0 {
		got = append(got, ops.Event{Revision: positionOf(got[len(got)-1])}.Encode())
	}
	r.Input, r.Output = history.IntValue(from), history.ListValue(got...)
	d.all = append(d.all, r)
}

// end has a client read all and then ask once more, for as long as it takes to be sure.
func (d *drawn) end(held []history.Value, process int) {
	f, prefix := d.reads(ops.Fetch)
	var got []history.Value
	for _, e := range held {
		if strings.HasPrefix(keyOf(e), prefix) {
			got = append(got, e)
		}
	}
	next := int64(0)
	if len(got) > 0 {
		next = positionOf(got[len(got)-1]) + 1
	}
	for i, input := range []int64{0, next} {
		op := history.Operation{F: f, Key: prefix, Process: int32(process), Outcome: history.OK, Input: history.IntValue(input),
			Invoked: int32(1000 + 100*i), Returned: int32(1000 + 100*(i+1) - 1), Output: history.ListValue()}
		if i == 0 {
			op.Output = history.ListValue(got...)
		}
		d.all = append(d.all, op)
	}
}

// goOn has each client ask the second time for what comes after its first answer, whatever that is now.
func (d *drawn) goOn() {
	next := map[int32]int64{}
	for i := range d.all {
		op := &d.all[i]
		if op.Invoked < settledAt {
			continue
		}
		if at, second := next[op.Process]; second {
			op.Input = history.IntValue(at)
		}
		for e := range op.Output.Elements {
			next[op.Process] = max(next[op.Process], positionOf(e)+1)
		}
		next[op.Process] += 0
	}
}

// reads is the function of a reading, and its key.
func (d *drawn) reads(ofLog string) (f, key string) {
	if d.watch {
		return ops.Watch, rapid.SampledFrom([]string{"", "", "a"}).Draw(d.T, "prefix")
	}
	return ofLog, ""
}

func positionOf(e history.Value) int64 {
	parts, _ := e.List()
	at, _ := parts[0].Int()
	return at
}

func keyOf(e history.Value) string {
	parts, _ := e.List()
	if len(parts) < 3 {
		return ""
	}
	key, _ := parts[1].Text()
	return key
}

// damage changes one thing of an operation that was answered.
func (d *drawn) damage() {
	var answered []int
	for i, op := range d.all {
		if op.Outcome == history.OK {
			answered = append(answered, i)
		}
	}
	if len(answered) == 0 {
		return
	}
	op := &d.all[rapid.SampledFrom(answered).Draw(d.T, "damaged")]
	list, _ := op.Output.List()
	switch {
	case isWrite(*op) && rapid.Bool().Draw(d.T, "as failed"):
		op.Outcome, op.Output = history.Fail, history.Value{}
	case isWrite(*op):
		list[0] = history.IntValue(int64(d.number(1, farthest, "elsewhere")))
		op.Output = history.ListValue(list...)
	case len(list) == 0:
	default:
		i := d.number(0, len(list)-1, "entry")
		switch d.number(0, 3, "how") {
		case 0:
			list = slices.Delete(list, i, i+1)
		case 1:
			list = append(list, list[i])
		case 2:
			list[i], list[0] = list[0], list[i]
		case 3:
			parts, _ := list[i].List()
			parts[0] = history.IntValue(int64(d.number(1, farthest, "elsewhere")))
			list[i] = history.ListValue(parts...)
		}
		op.Output = history.ListValue(list...)
	}
}
