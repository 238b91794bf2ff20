package isolation_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/internal/audit/oracle"
	"faultline/internal/audit/oracle/isolation"
)

// The histories of the literature, and what they are known for. A line is a transaction:
//
//	p0 1-4 ok: append x 1, r x [1 2], scan x {x1 [1]; x2 [2 3]}
//
// (Registers have r x 1, r x nil and w x 1.) It has a process, a time of invocation and of completion, and an outcome, of which each may be left out: then it has a process of its own,
// is concurrent with all others, and is ok. The answer has the strongest levels that the history keeps, the weakest that it does not, those
// on which definitions may differ, and if reads show the order of all elements, the anomalies.
func TestTextbook(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
			h := isolation.Parse(events(td.Input))
			if m := h.Malformed(); m != (isolation.Malformed{}) {
				return fmt.Sprintf("%+v\n", m)
			}
			return judged(&h)
		})
	})
}

func judged(h *isolation.History) string {
	by := map[oracle.Answer][]isolation.Model{}
	for _, m := range isolation.Models() {
		answer := m.Keeps(h)
		by[answer] = append(by[answer], m)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "keeps: %s\n", strings.Join(strongest(by[oracle.Yes]), ", "))
	fmt.Fprintf(&b, "not: %s\n", strings.Join(weakest(by[oracle.No]), ", "))
	if open := strongest(by[oracle.Open]); len(open) > 0 {
		fmt.Fprintf(&b, "open: %s\n", strings.Join(open, ", "))
	}
	if h.Determined() {
		fmt.Fprintf(&b, "anomalies: %s\n", strings.Join(slices.Sorted(maps.Keys(h.Anomalies())), ", "))
	}
	return b.String()
}

// strongest are those that no other implies.
func strongest(models []isolation.Model) []string {
	var names []string
	for _, m := range models {
		if !slices.ContainsFunc(models, func(other isolation.Model) bool { return implies(other.Name, m.Name) }) {
			names = append(names, m.Name)
		}
	}
	return names
}

// weakest are those that imply no other.
func weakest(models []isolation.Model) []string {
	var names []string
	for _, m := range models {
		if !slices.ContainsFunc(models, func(other isolation.Model) bool { return implies(m.Name, other.Name) }) {
			names = append(names, m.Name)
		}
	}
	return names
}

func implies(stronger, weaker string) bool {
	return slices.ContainsFunc(isolation.ModelByName(stronger).Implies, func(name string) bool {
		return name == weaker || implies(name, weaker)
	})
}

// timed is an event and when it happens.
type timed struct {
	at int
	oracle.Event
}

func events(script string) []oracle.Event {
	var all []timed
	for i, line := range strings.Split(strings.TrimSpace(script), "\n") {
		head, steps, found := strings.Cut(line, ":")
		if !found {
			head, steps = "", line
		}
		process, from, to, outcome := 100+i, i, 1000+i, oracle.OK
		for _, field := range strings.Fields(head) {
			switch {
			case field == "fail":
				outcome = oracle.Fail
			case field == "info":
				outcome = oracle.Info
			case field == "ok":
			case field[0] == 'p':
				process = atoi(field[1:])
			default:
				a, b, _ := strings.Cut(field, "-")
				from, to = atoi(a), atoi(b)
			}
		}
		asked, told := transaction(steps)
		if outcome != oracle.OK {
			told = asked
		}
		all = append(all, timed{from, oracle.Event{Process: process, Type: oracle.Invoke, F: "txn", Value: asked}},
			timed{to, oracle.Event{Process: process, Type: outcome, F: "txn", Value: told}})
	}
	slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
	var events []oracle.Event
	for _, e := range all {
		events = append(events, e.Event)
	}
	return events
}

// transaction has the steps as they were asked for and as they were answered.
func transaction(steps string) (asked, told oracle.Value) {
	var before, after []oracle.Value
	for _, s := range strings.Split(steps, ", ") {
		fields := strings.Fields(s)
		op, name := oracle.TextValue(fields[0]), oracle.TextValue(fields[1])
		null := oracle.NilValue()
		switch fields[0] {
		case "append", "w":
			step := oracle.ListValue(op, name, oracle.IntValue(atoi(fields[2])))
			before, after = append(before, step), append(after, step)
		case "r":
			before, after = append(before, oracle.ListValue(op, name, null)), append(after, oracle.ListValue(op, name, content(fields[2:])))
		case "scan":
			before, after = append(before, oracle.ListValue(op, name, null)), append(after, oracle.ListValue(op, name, scanned(s)))
		}
	}
	return oracle.ListValue(before...), oracle.ListValue(after...)
}

// content is what a key holds: nil, the value of a register, or a list.
func content(fields []string) oracle.Value {
	switch {
	case fields[0] == "nil":
		return oracle.NilValue()
	case fields[0][0] != '[':
		return oracle.IntValue(atoi(fields[0]))
	}
	var elements []oracle.Value
	for _, f := range strings.Fields(strings.Trim(strings.Join(fields, " "), "[]")) {
		elements = append(elements, oracle.IntValue(atoi(f)))
	}
	return oracle.ListValue(elements...)
}

func scanned(step string) oracle.Value {
	_, entries, _ := strings.Cut(step, "{")
	var found []oracle.Value
	for _, entry := range strings.Split(strings.TrimSuffix(entries, "}"), ";") {
		if fields := strings.Fields(entry); len(fields) > 0 {
			found = append(found, oracle.TextValue(fields[0]), content(fields[1:]))
		}
	}
	return oracle.MapValue(found...)
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}
