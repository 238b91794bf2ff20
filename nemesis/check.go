package nemesis

import (
	"fmt"
	"slices"
	"time"

	"faultline/internal/nearest"
)

// Check refuses a schedule that cannot be meant: a node that does not exist, times out of order, and
// what certainly has no effect on a node, such as the restart of one that is running. It is sound: what
// may have an effect, whichever nodes the symbols turn out to stand for, is not refused. An error names line and column in
// the text that was parsed, or else the event.
func (s Schedule) Check(on Subject) error {
	nodes := on.Nodes
	if err := checkNodes(nodes); err != nil {
		return fmt.Errorf("check schedule: %w", err)
	}
	f := &forecast{subject: on, nodes: nodes, states: slices.Repeat([]states{running}, len(nodes)),
		members: slices.Repeat([]states{voter}, len(nodes)), wrongClocks: make([]bool, len(nodes)),
		conditions: make([][]presence, len(conditions)), mortal: make([]bool, len(nodes))}
	for _, c := range conditions {
		f.conditions[c.id] = slices.Repeat([]presence{absent}, len(nodes))
	}
	last := time.Duration(0)
	for i, e := range s {
		f.number, f.event = i+1, e
		switch {
		case e.Action == nil:
			return fmt.Errorf("event %d has no action", f.number)
		case e.At < last:
			return f.refuse("", "%s is earlier than %s before it; events stand in order of time", formatTime(e.At), formatTime(last))
		}
		last = e.At
		f.expectDeaths()
		if err := f.suffers(e.Action); err != nil {
			return err
		}
		if err := e.Action.check(f); err != nil {
			return err
		}
	}
	return nil
}

// forecast is what can be known of the nodes before a schedule is carried out.
type forecast struct {
	subject Subject
	nodes   []string
	states  []states // of each node, those it may be in
	mortal  []bool   // which nodes may die without an event that says so

	conditions [][]presence // by their ids, of each node

	members     []states // of each node, what it may be to the others
	wrongClocks []bool   // of each node, whether it may have been changed and not set right

	number int // of the event that is looked at, from 1
	event  Event
}

// node is the position of the named node. The words that could have stood there help with a typing error.
func (f *forecast) node(name string, symbols []symbol) (int, error) {
	if n := slices.Index(f.nodes, name); n >= 0 {
		return n, nil
	}
	known := slices.Clone(f.nodes)
	for _, s := range symbols {
		known = append(known, s.String())
	}
	return 0, f.refuse(name, "unknown node %q; %s", name, nearest.Hint(name, known, "there are"))
}

// refuse is an error about a word of the event; without a word, about its beginning.
func (f *forecast) refuse(word, format string, args ...any) error {
	where := fmt.Sprintf("event %d (%s)", f.number, f.event)
	if f.event.source != nil {
		where = f.event.source.find(word).position()
	}
	return fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
}
