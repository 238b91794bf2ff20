package delivery

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
)

// together is what one transaction has sent, see ops.SendAll.
type together struct {
	op    *history.Operation
	parts []part
}

// part is a record of a transaction, and the log that it was sent to.
type part struct {
	feed *feed
	*write
}

// transaction takes one apart: its records are writes of their logs, all of one operation.
func (l *partitioned) transaction(op *history.Operation) error {
	sent, err := ops.DecodeSendAll(op.Input)
	if err != nil {
		return err
	}
	if op.Outcome == history.OK && op.F == ops.SendAll {
		told, err := ops.DecodeSentAll(op.Output)
		if err != nil {
			return err
		}
		if len(told) != len(sent) {
			return fmt.Errorf("%d records were sent and %d acknowledged", len(sent), len(told))
		}
		for i := range sent {
			if told[i].Log != sent[i].Log {
				return fmt.Errorf("it sent %s to %s, and it was acknowledged in %s", what(entry{value: sent[i].Value}), sent[i].Log, told[i].Log)
			}
			if sent[i].Record, err = toldAt(sent[i].Record, told[i].Record); err != nil {
				return err
			}
		}
	}
	t := &together{op: op}
	for _, s := range sent {
		f := l.feed(s.Log)
		f.operations++
		w, err := f.send(op, s.Record)
		if err != nil {
			return err
		}
		t.parts = append(t.parts, part{f, w})
	}
	l.transactions = append(l.transactions, t)
	return nil
}

// whole judges transactions once all their logs are: each is there as a whole or not at all, and in the order in which it was sent.
func whole(all []*together) (broken, unknown []checker.Finding) {
	torn := &collected{rule: "atomic", anomaly: "torn transaction"}
	swapped := &collected{rule: "ordered", anomaly: "reordered"}
	open := &collected{rule: "atomic"}
	for _, t := range all {
		t.atomic(torn, open)
		t.inOrder(swapped)
	}
	for _, c := range []*collected{torn, swapped} {
		if f, ok := c.finding(""); ok {
			broken = append(broken, f)
		}
	}
	if f, ok := open.finding(""); ok {
		f.Validity = checker.Unknown
		unknown = append(unknown, f)
	}
	return broken, unknown
}

// atomic asks, if a part was read, whether one is missing.
func (t *together) atomic(torn, open *collected) {
	i := slices.IndexFunc(t.parts, func(p part) bool { return p.read() != nil })
	if i < 0 || t.parts[i].undone() { // of which nothing may be there: see sound
		return
	}
	there := t.parts[i]
	for _, p := range t.parts {
		if p.read() != nil {
			continue
		}
		sentence := fmt.Sprintf("%s read %s of %s in %s, and %s of it is not in %s", who(there.read()), what(there.entries[0]), who(t.op), there.feed.name,
			what(p.entries[0]), p.feed.name)
		shown := []*history.Operation{t.op, there.read()}
		if r := p.missing(); r != nil {
			torn.broken(append(shown, r.last), "%s in the end", sentence)
		} else {
			open.broken(shown, "%s so far: the end of that was not waited for", sentence)
		}
	}
}

// inOrder asks whether parts in one log are in the order in which they were sent.
func (t *together) inOrder(swapped *collected) {
	last := map[*feed]part{}
	for _, p := range t.parts {
		if len(p.at) == 0 {
			continue
		}
		if before, ok := last[p.feed]; ok && p.at[0] <= before.at[0] {
			swapped.broken([]*history.Operation{t.op, cmp.Or(p.read(), before.read())}, "%s sent %s and then %s to %s, where they are at offsets %d and %d", who(t.op),
				what(before.entries[0]), what(p.entries[0]), p.feed.name, before.at[0], p.at[0])
		}
		last[p.feed] = p
	}
}

// read is the first reading that has the record; nil if none has.
func (p part) read() *history.Operation {
	for _, at := range p.at {
		if g := p.feed.fact(place{at: at}); g.read != nil && g.value.Equal(p.entries[0].value) {
			return g.read
		}
	}
	return nil
}

// missing is a reader near a node that has read the log to its end, and waited long enough for the record; nil if none has.
func (p part) missing() *reader {
	for _, r := range p.feed.enders {
		told := len(p.at) > 0 && p.at[0] < r.next
		waited := r.idle != nil && r.idle.Return-p.feed.settled >= patience
		if r.bound && r.from <= p.feed.first && r.gap == "" && (told || waited) {
			return r
		}
	}
	return nil
}

// partitioned are the logs of a history, and the transactions over several of them.
type partitioned struct {
	feeds        map[string]*feed
	transactions []*together
}

func (l *partitioned) feed(name string) *feed {
	if l.feeds[name] == nil {
		l.feeds[name] = newFeed(name, 0)
	}
	return l.feeds[name]
}

// sorted are the logs by name.
func (l *partitioned) sorted() (feeds []*feed) {
	for _, name := range slices.Sorted(maps.Keys(l.feeds)) {
		feeds = append(feeds, l.feeds[name])
	}
	return feeds
}
