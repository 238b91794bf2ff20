package transactions

import (
	"math/rand/v2"
	"strings"

	"faultline/internal/audit/oracle"
)

// op is what a micro-operation does.
type op uint8

const (
	read op = iota
	write
	scan
)

// micro is a micro-operation.
type micro struct {
	op
	key   string             // of a scan its prefix
	value int                // written or appended
	seen  content            // what a read returned
	found map[string]content // what a scan returned
}

// content is what a key holds: the elements of a list, the value of a register, nothing for the initial value.
type content []int

// after is what a key holds once a value was written.
func (p *plan) after(c content, value int) content {
	if !p.lists {
		return content{value}
	}
	return append(c[:len(c):len(c)], value)
}

// plan is what one history is like.
type plan struct {
	lists        bool
	keys         []string
	scans        bool
	transactions int
	steps        int // at most
	processes    int
	writes       float64 // the share of micro-operations that write
	info, fail   float64 // the share of transactions that end so
	repeated     float64 // the share of writes of a value that was written before
	final        bool    // a transaction reads all in the end
	unread       string  // a key that is written and not read, so that nobody knows in which order; empty if there is none
	next         map[string]int
}

func newPlan(r *rand.Rand, o Options) *plan {
	p := &plan{lists: o.Lists, next: map[string]int{}}
	p.scans = r.IntN(2) == 0
	p.keys = []string{"x1", "x2", "y1"}[:1+min(2, r.IntN(5))]
	p.transactions = o.Transactions - min(r.IntN(o.Transactions-1), r.IntN(o.Transactions-1))
	p.steps = 2 + r.IntN(3)
	p.processes = 2 + r.IntN(4)
	p.writes = pick(r, 0.3, 0.5, 0.7)
	p.info = pick(r, 0, 0, 0, 0.1, 0.3)
	p.fail = pick(r, 0, 0, 0.1, 0.3)
	p.repeated = pick(r, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2)
	p.final = r.IntN(4) > 0
	if n := len(p.keys); n > 1 && r.IntN(4) == 0 {
		p.unread, p.scans = p.keys[n-1], false
	}
	return p
}

// draw makes up a transaction.
func (p *plan) draw(r *rand.Rand) []*micro {
	var steps []*micro
	for range p.steps - min(r.IntN(p.steps), r.IntN(p.steps)) {
		m := &micro{key: pick(r, p.keys...)}
		switch {
		case m.key == p.unread || chance(r, p.writes):
			m.op, m.value = write, p.value(r, m.key)
		case p.scans && r.IntN(2) == 0:
			m.op, m.key = scan, pick(r, "x", "y", "")
		}
		steps = append(steps, m)
	}
	return steps
}

// value is one that was not written to a key before, as a rule.
func (p *plan) value(r *rand.Rand, key string) int {
	if p.next[key] > 0 && chance(r, p.repeated) {
		return 1 + r.IntN(p.next[key])
	}
	p.next[key]++
	return p.next[key]
}

// all are the keys that begin with a prefix.
func (p *plan) all(prefix string) []string {
	var keys []string
	for _, k := range p.keys {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	return keys
}

// everything is a transaction that reads all keys that are read.
func (p *plan) everything() []*micro {
	var steps []*micro
	for _, k := range p.keys {
		if k != p.unread {
			steps = append(steps, &micro{key: k})
		}
	}
	return steps
}

// moment is an event of a transaction.
type moment struct {
	txn       *txn
	completes bool
}

// spelling is how a history is written.
type spelling struct {
	keywords bool // operations are keywords
	numbers  bool // keys are numbers
	null     bool // a list that was never appended to is null
}

// spelled makes events of what happened.
func (p *plan) spelled(r *rand.Rand, txns []*txn, moments []moment) []oracle.Event {
	s := spelling{keywords: r.IntN(2) == 0, numbers: !p.scans && r.IntN(2) == 0, null: r.IntN(2) == 0}
	var events []oracle.Event
	for _, m := range moments {
		e := oracle.Event{Process: m.txn.process, Type: oracle.Invoke, F: "txn", Value: p.asked(s, m.txn)}
		if m.completes {
			if e.Type = m.txn.outcome; e.Type == oracle.OK {
				e.Value = p.answered(s, m.txn)
			}
		}
		events = append(events, e)
	}
	return events
}

func (p *plan) asked(s spelling, t *txn) oracle.Value {
	var steps []oracle.Value
	for _, m := range t.steps {
		value := oracle.NilValue()
		if m.op == write {
			value = oracle.IntValue(m.value)
		}
		steps = append(steps, p.step(s, m, value))
	}
	return oracle.ListValue(steps...)
}

func (p *plan) answered(s spelling, t *txn) oracle.Value {
	var steps []oracle.Value
	for _, m := range t.steps {
		value := oracle.IntValue(m.value)
		switch m.op {
		case read:
			value = p.spell(s, m.seen)
		case scan:
			var entries []oracle.Value
			for _, k := range p.all(m.key) {
				if len(m.found[k]) > 0 {
					entries = append(entries, oracle.TextValue(k), p.spell(s, m.found[k]))
				}
			}
			value = oracle.MapValue(entries...)
		}
		steps = append(steps, p.step(s, m, value))
	}
	return oracle.ListValue(steps...)
}

func (p *plan) step(s spelling, m *micro, value oracle.Value) oracle.Value {
	name := "r"
	switch {
	case m.op == scan:
		name = "scan"
	case m.op == write && p.lists:
		name = "append"
	case m.op == write:
		name = "w"
	}
	op, key := oracle.TextValue(name), oracle.TextValue(m.key)
	if s.keywords {
		op = oracle.OtherValue(":" + name)
	}
	if s.numbers {
		for i, k := range p.keys {
			if k == m.key {
				key = oracle.IntValue(i)
			}
		}
	}
	return oracle.ListValue(op, key, value)
}

func (p *plan) spell(s spelling, c content) oracle.Value {
	switch {
	case len(c) == 0 && (s.null || !p.lists):
		return oracle.NilValue()
	case !p.lists:
		return oracle.IntValue(c[0])
	}
	var items []oracle.Value
	for _, v := range c {
		items = append(items, oracle.IntValue(v))
	}
	return oracle.ListValue(items...)
}
