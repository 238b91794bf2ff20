package logs_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/logs"
	"faultline/history"
)

// entry is a record as a poll returned it or a send was told.
type entry struct{ offset, value int64 }

// did is one operation, in terms of one log: what it sent, or what it polled.
type did struct {
	process int32
	sends   bool
	outcome history.Type
	entries []entry
}

// draw makes what a few processes did with one log that works, and spoils a few answers.
func draw(t *rapid.T) []did {
	number := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(t, what) }
	var all []did
	var log []int64 // what is visible, by offset
	next, at := int64(1), map[int32]int{}
	for range number(2, 9, "operations") {
		d := did{process: int32(number(1, 3, "process")), sends: number(0, 1, "sends") == 1, outcome: history.OK}
		if d.sends {
			d.outcome = rapid.SampledFrom([]history.Type{history.OK, history.OK, history.OK, history.Info, history.Fail}).Draw(t, "outcome")
			for range number(1, 2, "records") {
				d.entries = append(d.entries, entry{int64(len(log)), next})
				if d.outcome != history.Fail && (d.outcome == history.OK || number(0, 1, "took effect") == 1) {
					log = append(log, next)
				}
				next++
			}
		} else {
			for end := min(len(log), at[d.process]+number(0, 3, "polled")); at[d.process] < end; at[d.process]++ {
				d.entries = append(d.entries, entry{int64(at[d.process]), log[at[d.process]]})
			}
		}
		all = append(all, d)
	}
	for range number(0, 2, "spoiled") {
		d := &all[number(0, len(all)-1, "which")]
		if len(d.entries) == 0 {
			continue
		}
		e := &d.entries[number(0, len(d.entries)-1, "entry")]
		switch number(0, 3, "how") {
		case 0:
			e.offset = int64(number(0, 5, "offset"))
		case 1:
			if !d.sends {
				e.value = int64(number(1, int(next), "value"))
			}
		case 2:
			if !d.sends {
				d.entries = d.entries[1:]
			}
		case 3:
			slices.Reverse(d.entries)
		}
	}
	return all
}

// operations are what processes did as Jepsen writes it.
func operations(all []did) []history.Operation {
	var ops []history.Operation
	text, number := history.TextValue, history.IntValue
	for i, d := range all {
		op := history.Operation{Process: d.process, F: "poll", Outcome: d.outcome, Invoked: int32(2 * i), Returned: int32(2*i + 1)}
		var asked, told, records []history.Value
		for _, e := range d.entries {
			pair := history.ListValue(number(e.offset), number(e.value))
			records = append(records, pair)
			asked = append(asked, history.ListValue(text("send"), text("a"), number(e.value)))
			told = append(told, history.ListValue(text("send"), text("a"), pair))
		}
		if d.sends {
			op.F, op.Input = "send", history.ListValue(asked...)
			if d.outcome == history.OK {
				op.Output = history.ListValue(told...)
			}
		} else {
			op.Output = history.ListValue(history.ListValue(text("poll"), history.MapValue([2]history.Value{text("a"), history.ListValue(records...)})))
		}
		ops = append(ops, op)
	}
	return ops
}

// definition finds the rules that are broken by comparing everything with everything, in the words of the package's documentation.
func definition(all []did) map[string]bool {
	broken := map[string]bool{}
	type known struct {
		entry
		by     int
		polled bool
	}
	var facts []known
	sender := map[int64]int{}
	polled := map[int64]bool{}
	highest := int64(-1)
	for i, d := range all {
		for _, e := range d.entries {
			if d.sends {
				sender[e.value] = i
			} else {
				polled[e.value] = true
				highest = max(highest, e.offset)
			}
			if !d.sends || d.outcome == history.OK {
				facts = append(facts, known{e, i, !d.sends})
			}
		}
	}
	first := map[int64]int64{} // value → the offset told first: by sends, then by polls
	slices.SortStableFunc(facts, func(a, b known) int {
		if a.polled == b.polled {
			return 0
		} else if a.polled {
			return 1
		}
		return -1
	})
	for _, f := range facts {
		if _, ok := first[f.value]; !ok {
			first[f.value] = f.offset
		}
		for _, g := range facts {
			if f.offset == g.offset && f.value != g.value {
				broken["inconsistent-offsets"] = true
			}
			if f.offset != g.offset && f.value == g.value {
				broken["duplicate"] = true
			}
		}
		if !f.polled {
			continue
		}
		s, sent := sender[f.value]
		switch {
		case sent && all[s].outcome == history.Fail:
			broken["G1a"] = true
		case !sent || s > f.by:
			broken["unwritten"] = true
		}
	}
	for v, i := range sender {
		at, told := first[v]
		took := all[i].outcome == history.OK
		for _, e := range all[i].entries {
			took = took || all[i].outcome == history.Info && polled[e.value]
		}
		if took && told && !polled[v] && at < highest {
			broken["lost-write"] = true
		}
	}
	skipped := func(a, b int64) bool {
		return slices.ContainsFunc(facts, func(f known) bool { return a < f.offset && f.offset < b })
	}
	for i, d := range all {
		if d.outcome != history.OK {
			continue
		}
		for j, e := range d.entries {
			prefix, before, ok := "int-", entry{}, j > 0
			if ok {
				before = d.entries[j-1]
			} else {
				for k := i - 1; k >= 0 && !ok; k-- {
					if o := all[k]; o.process == d.process && o.sends == d.sends && o.outcome == history.OK && len(o.entries) > 0 {
						prefix, before, ok = "", o.entries[len(o.entries)-1], true
					}
				}
			}
			switch {
			case !ok:
			case d.sends:
				broken[prefix+"nonmonotonic-send"] = broken[prefix+"nonmonotonic-send"] || e.offset <= before.offset
			case e.offset <= before.offset:
				broken[prefix+"nonmonotonic-poll"] = true
			default:
				broken[prefix+"poll-skip"] = broken[prefix+"poll-skip"] || skipped(before.offset, e.offset)
			}
		}
	}
	return broken
}

// The checker finds the rules that are broken by definition, and no others.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		all := draw(t)
		got := logs.Checker().Check(t.Context(), checker.Input{Operations: operations(all)}, checker.Options{})
		found := map[string]bool{}
		for _, f := range got.Findings {
			found[f.Rule] = true
		}
		for rule, broken := range definition(all) {
			if broken {
				counts[rule]++
			}
			if broken != found[rule] {
				t.Fatalf("%s is broken: %v, got %s\n%v", rule, broken, scripttest.Show(got), all)
			}
			delete(found, rule)
		}
		if len(found) > 0 {
			t.Fatalf("not broken are %v, got %s\n%v", found, scripttest.Show(got), all)
		}
	})
	t.Log(counts)
}

func BenchmarkMillion(b *testing.B) {
	const records, partitions, batch = 1_000_000, 10, 10
	var all []did
	for i := range int64(records / partitions / batch) {
		send, poll := did{process: 1, sends: true, outcome: history.OK}, did{process: 2, outcome: history.OK}
		for k := range int64(batch) {
			e := entry{i*batch + k, i*batch + k}
			send.entries, poll.entries = append(send.entries, e), append(poll.entries, e)
		}
		all = append(all, send, poll)
	}
	var ops []history.Operation
	for p := range int32(partitions) { // one log each is enough to count
		for _, op := range operations(all) {
			op.Key, op.Process = fmt.Sprint(p), op.Process+2*p
			ops = append(ops, op)
		}
	}
	for b.Loop() {
		for p := range partitions {
			n := len(ops) / partitions
			if part := logs.Checker().Check(b.Context(), checker.Input{Operations: ops[p*n : (p+1)*n]}, checker.Options{}); part.Validity != checker.Valid {
				b.Fatal(part.Reason)
			}
		}
	}
	b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
}
