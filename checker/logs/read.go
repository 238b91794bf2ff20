package logs

import (
	"cmp"
	"fmt"

	"faultline/history"
	"faultline/internal/timebound"
)

// unknown is the offset of a record that nobody was told.
const unknown = -1

// step is one record that an operation has sent or polled.
type step struct {
	op     int32 // position in the operations
	call   int32 // counts sends and polls
	log    int32
	sent   bool
	offset int64
	value  history.Value
}

// logs are all logs of a history, with what was sent and polled in the order of the operations.
type logs struct {
	clock      *timebound.Clock
	operations []history.Operation
	names      []string
	numbers    map[string]int32
	steps      []step
	calls      int32
}

// read takes all operations apart.
func read(operations []history.Operation, clock *timebound.Clock) (*logs, error) {
	l := &logs{clock: clock, operations: operations, numbers: map[string]int32{}}
	for i := range clock.UpTo(len(operations)) {
		op := &operations[i]
		if op.F != "send" && op.F != "poll" && op.F != "txn" {
			continue
		}
		if err := l.transaction(int32(i), op); err != nil {
			return nil, fmt.Errorf("process %d's %s at %v cannot be read: %w", op.Process, op.F, op.Invoke, err)
		}
	}
	return l, nil
}

// transaction reads the steps of an operation: from its answer if there is one.
func (l *logs) transaction(i int32, op *history.Operation) error {
	v := op.Input
	if op.Outcome == history.OK && op.Output.Kind() != history.None {
		v = op.Output
	}
	if !isList(v) {
		return fmt.Errorf("%v is not a list of steps", v)
	}
	for s := range v.Elements {
		l.calls++
		parts, _ := s.List()
		name := ""
		if len(parts) > 0 {
			name = parts[0].Word()
		}
		switch {
		case name == "send" && len(parts) == 3:
			l.send(i, op, parts)
		case name == "poll" && len(parts) == 2:
			if err := l.poll(i, op, parts[1]); err != nil {
				return err
			}
		case name != "poll" || len(parts) != 1:
			return fmt.Errorf(`the step %v is neither ["send",key,value] nor ["poll"]`, s)
		}
	}
	return nil
}

// send reads a send, with the offset if it is told. A pair of an integer and something else is an offset and a value only in an answer.
func (l *logs) send(i int32, op *history.Operation, parts []history.Value) {
	s := step{op: i, call: l.calls, log: l.log(parts[1]), sent: true, offset: unknown, value: parts[2]}
	if pair, ok := parts[2].List(); ok && len(pair) == 2 && op.Outcome == history.OK {
		s.value = pair[1]
		if n, ok := pair[0].Int(); ok {
			s.offset = n
		}
	}
	l.steps = append(l.steps, s)
}

// poll reads what a poll returned.
func (l *logs) poll(i int32, op *history.Operation, v history.Value) error {
	if op.Outcome != history.OK || v.Kind() == history.Nil {
		return nil
	}
	entries, ok := v.Map()
	if !ok {
		return fmt.Errorf("a poll returned %v, which is not a map from keys to records", v)
	}
	for _, e := range entries {
		if !isList(e[1]) {
			return fmt.Errorf("a poll returned %v for key %v, which is not a list of records", e[1], e[0])
		}
		log := l.log(e[0])
		for r := range e[1].Elements {
			l.clock.Spend(1)
			pair, ok := r.List()
			if !ok || len(pair) != 2 {
				return fmt.Errorf("a poll returned the record %v, which is not [offset,value]", r)
			}
			s := step{op: i, call: l.calls, log: log, offset: unknown, value: pair[1]}
			if n, ok := pair[0].Int(); ok {
				s.offset = n
			}
			l.steps = append(l.steps, s)
		}
	}
	return nil
}

func isList(v history.Value) bool { return v.Kind() == history.List || v.Kind() == history.Pair }

// log is the number of a log.
func (l *logs) log(key history.Value) int32 {
	name := nameOf(key)
	i, ok := l.numbers[name]
	if !ok {
		i = int32(len(l.names))
		l.numbers[name] = i
		l.names = append(l.names, name)
	}
	return i
}

// of are the steps from i on that are of the same operation.
func (l *logs) of(i int) []step {
	j := i
	for j < len(l.steps) && l.steps[j].op == l.steps[i].op {
		j++
	}
	return l.steps[i:j]
}

// nameOf is a text or a keyword by what it says, and anything else as JSON.
func nameOf(v history.Value) string { return cmp.Or(v.Word(), v.String()) }
