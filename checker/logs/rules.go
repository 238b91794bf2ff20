package logs

import (
	"faultline/history"
)

// sound judges what each poll returned: it was sent, by a send that did not fail, and not by the poller itself.
func (k *knowledge) sound() {
	for i := range k.clock.UpTo(len(k.steps)) {
		s := &k.steps[i]
		if s.sent {
			continue
		}
		r := k.record(s)
		if r.sent == none {
			k.broken("unwritten", s.log, []int32{s.op}, "%s returned %v from %s, which nobody had sent", k.who(s.op), s.value, k.names[s.log])
			continue
		}
		switch sender, poller := &k.operations[r.sent], &k.operations[s.op]; {
		case sender.Outcome == history.Fail:
			k.broken("G1a", s.log, []int32{r.sent, s.op}, "%s returned %v from %s, which %s had failed to send", k.who(s.op), s.value, k.names[s.log], k.who(r.sent))
		case r.sent == s.op:
			k.broken("precommitted-read", s.log, []int32{s.op}, "%s returned %v from %s, which the same transaction had sent", k.who(s.op), s.value, k.names[s.log])
		case poller.Returned >= 0 && poller.Returned < sender.Invoked:
			k.broken("unwritten", s.log, []int32{r.sent, s.op}, "%s returned %v from %s before %s began", k.who(s.op), s.value, k.names[s.log], k.who(r.sent))
		}
	}
}

// lost finds records that were acknowledged and that nobody polled, though somebody polled a later one. An offset is known from an
// acknowledgement or from a poll, so a record that nobody polled and whose offset is known was acknowledged.
func (k *knowledge) lost() {
	for i := range k.clock.UpTo(len(k.steps)) {
		s := &k.steps[i]
		if !s.sent {
			continue
		}
		r, last := k.record(s), k.highest[s.log]
		if r.polled == none && r.offset != unknown && r.offset < last.offset {
			k.broken("lost-write", s.log, []int32{s.op, last.op}, "%v was sent to %s at offset %d and polled by nobody, and %s got offset %d",
				s.value, k.names[s.log], r.offset, k.who(last.op), last.offset)
		}
	}
}

// end is where a process has got in a log.
type end struct {
	op, call int32
	offset   int64
}

// session is what is known of a process.
type session struct {
	polled, sent map[int32]end // by log
	subscribed   bool          // it may be given other partitions at any time
}

// ordered judges the order in which each process polls and sends.
func (k *knowledge) ordered() {
	sessions := map[int32]*session{}
	next := 0 // step
	for i := range k.clock.UpTo(len(k.operations)) {
		op := &k.operations[i]
		s := sessions[op.Process]
		if s == nil {
			s = &session{polled: map[int32]end{}, sent: map[int32]end{}}
			sessions[op.Process] = s
		}
		if (op.F == "assign" || op.F == "subscribe") && op.Outcome != history.Fail {
			s.subscribed = s.subscribed || op.F == "subscribe"
			s.keep(k.assigned(op))
		}
		if next == len(k.steps) || k.steps[next].op != int32(i) {
			continue
		}
		steps := k.of(next)
		next += len(steps)
		if op.Outcome == history.OK {
			k.follow(s, steps)
		}
	}
}

// assigned are the logs that an assign or a subscribe names.
func (k *knowledge) assigned(op *history.Operation) map[int32]bool {
	logs := map[int32]bool{}
	for v := range op.Input.Elements {
		if i, ok := k.numbers[nameOf(v)]; ok {
			logs[i] = true
		}
	}
	return logs
}

// keep forgets all logs but some.
func (s *session) keep(logs map[int32]bool) {
	for _, ends := range []map[int32]end{s.polled, s.sent} {
		for log := range ends {
			if !logs[log] {
				delete(ends, log)
			}
		}
	}
}

// follow compares each record of an operation with the one before it in the same log.
func (k *knowledge) follow(s *session, steps []step) {
	k.clock.Spend(len(steps))
	for i := range steps {
		this := &steps[i]
		if this.offset == unknown {
			continue
		}
		ends := s.polled
		if this.sent {
			ends = s.sent
		}
		last, ok := ends[this.log]
		ends[this.log] = end{this.op, this.call, this.offset}
		switch internal := last.op == this.op; {
		case !ok:
		case this.sent:
			k.afterSend(last, this, internal)
		case !s.subscribed || this.call == last.call:
			k.afterPoll(last, this, internal)
		}
	}
}

func (k *knowledge) afterSend(last end, this *step, internal bool) {
	if this.offset > last.offset {
		return
	}
	k.broken(rule("nonmonotonic-send", internal), this.log, []int32{last.op, this.op}, "process %d sent %v to %s at offset %d after it had sent at offset %d",
		k.operations[this.op].Process, this.value, k.names[this.log], this.offset, last.offset)
}

func (k *knowledge) afterPoll(last end, this *step, internal bool) {
	process, log := k.operations[this.op].Process, k.names[this.log]
	if this.offset <= last.offset {
		k.broken(rule("nonmonotonic-poll", internal), this.log, []int32{last.op, this.op}, "process %d got offset %d of %s after offset %d",
			process, this.offset, log, last.offset)
		return
	}
	if n := k.between(this.log, last.offset, this.offset); n > 0 {
		skipped := k.orders[this.log][k.between(this.log, unknown, last.offset+1)]
		at := k.byOffset[place{this.log, skipped}]
		k.broken(rule("poll-skip", internal), this.log, []int32{last.op, at.by, this.op}, "process %d got offset %d of %s next after offset %d, without %v at offset %d",
			process, this.offset, log, last.offset, k.records[at.record].value, skipped)
	}
}

// rule is the name of one within an operation or across operations.
func rule(name string, internal bool) string {
	if internal {
		return "int-" + name
	}
	return name
}
