package oracle

import (
	"slices"
	"time"
)

// entry is a record at its place in a log.
type entry struct {
	key    string
	offset int
	placed bool // the offset is known
	value  Value
	step   int // of its operation; of a poll only
}

// logOperation is an operation on logs: what it sent and polled, in turn.
type logOperation struct {
	Operation
	sent, polled []entry
}

// kafka holds logs to the rules of jepsen.tests.kafka.
func kafka(ops []Operation, _ time.Duration) Judgement {
	l := logs{known: map[string]map[int][]Value{}}
	for _, op := range ops {
		l.ops = append(l.ops, logOperation{op, sends(&op), polls(&op)})
	}
	for _, op := range l.ops {
		for _, e := range slices.Concat(op.sent, op.polled) {
			l.note(e)
		}
	}
	l.records()
	for _, op := range l.ops {
		l.polled(&op)
	}
	l.acknowledged()
	l.sessions()
	l.judgement.Undecided = !l.judgement.told
	return l.judgement
}

// steps of an operation: of an ok one as they ended.
func logSteps(op *Operation) []Value {
	if op.F == "assign" || op.F == "subscribe" {
		return nil
	}
	if op.Outcome == OK && op.Output.kind == List {
		return op.Output.items
	}
	return op.Input.items
}

func sends(op *Operation) (all []entry) {
	for _, step := range logSteps(op) {
		if !isStep(step, "send") {
			continue
		}
		e := entry{key: step.items[1].canon, value: step.items[2]}
		if v := step.items[2]; op.Outcome == OK && v.kind == List {
			e.value = v.items[1]
			if v.items[0].kind == Int {
				e.offset, e.placed = v.items[0].Int(), true
			}
		}
		all = append(all, e)
	}
	return all
}

func polls(op *Operation) (all []entry) {
	for n, step := range logSteps(op) {
		if op.Outcome != OK || !isStep(step, "poll") || len(step.items) < 2 {
			continue
		}
		for i := 0; i < len(step.items[1].items); i += 2 {
			for _, record := range step.items[1].items[i+1].items {
				all = append(all, entry{step.items[1].items[i].canon, record.items[0].Int(), true, record.items[1], n})
			}
		}
	}
	return all
}

type logs struct {
	ops       []logOperation
	known     map[string]map[int][]Value // by key and offset, the values that are told of
	judgement Judgement
}

func (l *logs) note(e entry) {
	if !e.placed {
		return
	}
	if l.known[e.key] == nil {
		l.known[e.key] = map[int][]Value{}
	}
	if count(l.known[e.key][e.offset], e.value) == 0 {
		l.known[e.key][e.offset] = append(l.known[e.key][e.offset], e.value)
	}
}

// records compares what is told of offsets.
func (l *logs) records() {
	for key, offsets := range l.known {
		places := map[string]int{}
		for _, values := range offsets {
			l.judgement.broke("inconsistent-offsets", key, len(values) > 1)
			for _, v := range values {
				places[v.canon]++
				l.judgement.broke("duplicate", key, places[v.canon] > 1)
			}
		}
	}
}

// polled looks for who sent what an operation polled.
func (l *logs) polled(op *logOperation) {
	for _, e := range op.polled {
		l.judgement.told = true
		sent, failed := false, false
		for _, other := range l.ops {
			for _, s := range other.sent {
				if s.key != e.key || !s.value.Equal(e.value) {
					continue
				}
				failed = failed || other.Outcome == Fail
				sent = sent || other.Outcome != Fail && other.Invoked < op.Returned
				l.judgement.broke("precommitted-read", e.key, other.Invoked == op.Invoked)
			}
		}
		l.judgement.broke("G1a", e.key, failed && !sent)
		l.judgement.broke("unwritten", e.key, !failed && !sent)
	}
}

// acknowledged looks for records that nobody polled.
func (l *logs) acknowledged() {
	var polled []entry
	for _, op := range l.ops {
		polled = append(polled, op.polled...)
	}
	for _, op := range l.ops {
		if op.Outcome != OK {
			continue
		}
		for _, s := range op.sent {
			seen, passed := false, false
			for _, p := range polled {
				seen = seen || p.key == s.key && p.value.Equal(s.value)
				passed = passed || p.key == s.key && p.offset > s.offset
			}
			l.judgement.broke("lost-write", s.key, s.placed && passed && !seen)
		}
	}
}

// skips reports whether a record is known between two offsets.
func (l *logs) skips(key string, from, to int) bool {
	for offset := range l.known[key] {
		if from < offset && offset < to {
			return true
		}
	}
	return false
}

// within looks at neighbours in one operation, and if the process subscribes, in one poll.
func (l *logs) within(op *logOperation, subscribed bool) {
	last := map[string]entry{}
	for _, e := range op.polled {
		if before, ok := last[e.key]; ok && (!subscribed || before.step == e.step) {
			l.judgement.broke("int-nonmonotonic-poll", e.key, e.offset <= before.offset)
			l.judgement.broke("int-poll-skip", e.key, l.skips(e.key, before.offset, e.offset))
		}
		last[e.key] = e
	}
	last = map[string]entry{}
	for _, e := range op.sent {
		if !e.placed {
			continue
		}
		if before, ok := last[e.key]; ok {
			l.judgement.broke("int-nonmonotonic-send", e.key, e.offset <= before.offset)
		}
		last[e.key] = e
	}
}

// session is what a process did last on each key.
type session struct {
	subscribed   bool
	sent, polled map[string]int
}

// sessions follows every producer and consumer from operation to operation.
func (l *logs) sessions() {
	sessions := map[int]*session{}
	for _, op := range l.ops {
		s := sessions[op.Process]
		if s == nil {
			s = &session{sent: map[string]int{}, polled: map[string]int{}}
			sessions[op.Process] = s
		}
		if op.Outcome != OK {
			continue
		}
		if op.F == "assign" || op.F == "subscribe" {
			s.subscribed = s.subscribed || op.F == "subscribe"
			s.keep(op.Input.items)
			continue
		}
		l.within(&op, s.subscribed)
		first := map[string]bool{}
		for _, e := range op.polled {
			if before, ok := s.polled[e.key]; ok && !first[e.key] && !s.subscribed {
				l.judgement.broke("nonmonotonic-poll", e.key, e.offset <= before)
				l.judgement.broke("poll-skip", e.key, l.skips(e.key, before, e.offset))
			}
			first[e.key] = true
			s.polled[e.key] = e.offset
		}
		first = map[string]bool{}
		for _, e := range op.sent {
			if !e.placed {
				continue
			}
			if before, ok := s.sent[e.key]; ok && !first[e.key] {
				l.judgement.broke("nonmonotonic-send", e.key, e.offset <= before)
			}
			first[e.key] = true
			s.sent[e.key] = e.offset
		}
	}
}

// keep forgets all keys but those that are named.
func (s *session) keep(names []Value) {
	for _, last := range []map[string]int{s.sent, s.polled} {
		for key := range last {
			if !slices.ContainsFunc(names, func(v Value) bool { return v.canon == key }) {
				delete(last, key)
			}
		}
	}
}
