package generate

import (
	"math/rand/v2"
	"slices"

	"faultline/internal/audit/oracle"
)

// record is a value at its offset.
type record struct{ offset, value int }

// broker keeps a log for each key, and for each consumer where it is in it.
type broker struct {
	r        *rand.Rand
	logs     map[int][]record
	next     map[int]int
	position map[int]map[int]int // by process and key, in the log
	keys     map[int][]int       // which a process polls; all of them if there is no entry
	names    int
	values   int

	loses, doubles, moves, reorders, markers flaw
}

func newLogs(g *run) service {
	b := &broker{r: g.r, logs: map[int][]record{}, next: map[int]int{}, position: map[int]map[int]int{}, keys: map[int][]int{}, names: 1 + g.r.IntN(3),
		loses: drawFlaw(g.r), doubles: drawFlaw(g.r), moves: drawFlaw(g.r), reorders: drawFlaw(g.r), markers: drawFlaw(g.r)}
	functions := pick(g.r, [][]string{{"send", "poll"}, {"send", "poll", "poll", "txn"}, {"send", "poll", "txn", "assign"}, {"send", "poll", "poll", "subscribe"},
		{"send", "poll", "poll", "assign", "subscribe", "crash"}})
	return service{
		alone: true,
		draw:  func(*rand.Rand, *pool) (string, oracle.Value) { return b.draw(pick(g.r, functions)) },
		do:    func(c *call) (oracle.Value, answer) { return b.do(c) },
		wrong: func(_ *rand.Rand, _ *pool, f string, input oracle.Value) oracle.Value {
			if f == "assign" || f == "subscribe" || f == "crash" {
				return oracle.Value{}
			}
			return b.wrong(input)
		},
	}
}

func (b *broker) draw(f string) (string, oracle.Value) {
	switch f {
	case "send":
		return f, oracle.ListValue(b.send())
	case "poll":
		return f, oracle.ListValue(step("poll"))
	case "crash":
		return f, oracle.NilValue()
	case "txn":
		var steps []oracle.Value
		for range 1 + b.r.IntN(3) {
			if b.r.IntN(2) == 0 {
				steps = append(steps, b.send())
			} else {
				steps = append(steps, step("poll"))
			}
		}
		return f, oracle.ListValue(steps...)
	}
	var keys []oracle.Value
	for _, k := range b.r.Perm(b.names)[:1+b.r.IntN(b.names)] {
		keys = append(keys, oracle.IntValue(k))
	}
	return f, oracle.ListValue(keys...)
}

func (b *broker) send() oracle.Value {
	b.values++
	return step("send", oracle.IntValue(b.r.IntN(b.names)), oracle.IntValue(b.values))
}

func (b *broker) do(c *call) (oracle.Value, answer) {
	switch c.f {
	case "crash":
		return oracle.Value{}, done
	case "assign", "subscribe":
		b.keys[c.process] = nil
		for _, k := range c.input.Items() {
			b.keys[c.process] = append(b.keys[c.process], k.Int())
		}
		return oracle.Value{}, done
	}
	var steps []oracle.Value
	for _, s := range c.input.Items() {
		if s.Items()[0].String() == ":send" {
			steps = append(steps, b.append(s.Items()[1].Int(), s.Items()[2].Int()))
		} else {
			steps = append(steps, b.poll(c.process))
		}
	}
	return oracle.ListValue(steps...), done
}

// append puts a record into its log, and tells its offset or not.
func (b *broker) append(key, value int) oracle.Value {
	at := record{b.next[key], value}
	b.next[key] += 1
	if b.markers.happens(b.r) {
		b.next[key]++
	}
	if !b.loses.happens(b.r) {
		b.logs[key] = append(b.logs[key], at)
	}
	if b.doubles.happens(b.r) {
		b.logs[key] = append(b.logs[key], record{b.next[key], value})
		b.next[key]++
	}
	name, v := oracle.IntValue(key), oracle.IntValue(value)
	switch b.r.IntN(8) {
	case 0:
		return step("send", name, oracle.ListValue(oracle.NilValue(), v))
	case 1:
		return step("send", name, v)
	}
	return step("send", name, oracle.ListValue(oracle.IntValue(at.offset), v))
}

// poll gives a process what it has not got, or something else.
func (b *broker) poll(process int) oracle.Value {
	keys, ok := b.keys[process]
	if !ok {
		keys = b.r.Perm(b.names)
	}
	if b.position[process] == nil {
		b.position[process] = map[int]int{}
	}
	var entries []oracle.Value
	for _, key := range keys {
		from := b.position[process][key]
		if b.moves.happens(b.r) {
			from += b.r.IntN(3) - 1
		}
		all := b.logs[key]
		from = min(max(from, 0), len(all))
		got := slices.Clone(all[from : from+b.r.IntN(len(all)-from+1)])
		b.position[process][key] = from + len(got)
		if len(got) > 1 && b.reorders.happens(b.r) {
			slices.Reverse(got)
		}
		if len(got) > 2 && b.reorders.happens(b.r) {
			got = slices.Delete(got, 1, 2)
		}
		if len(got) > 0 {
			entries = append(entries, oracle.IntValue(key), spellRecords(got))
		}
	}
	return step("poll", oracle.MapValue(entries...))
}

func spellRecords(all []record) oracle.Value {
	var list []oracle.Value
	for _, r := range all {
		list = append(list, oracle.ListValue(oracle.IntValue(r.offset), oracle.IntValue(r.value)))
	}
	return oracle.ListValue(list...)
}

// wrong are records that may be anywhere.
func (b *broker) wrong(input oracle.Value) oracle.Value {
	var steps []oracle.Value
	for _, s := range input.Items() {
		if s.Items()[0].String() == ":send" {
			steps = append(steps, step("send", s.Items()[1], oracle.ListValue(oracle.IntValue(b.r.IntN(4)), s.Items()[2])))
			continue
		}
		var records []record
		for range 1 + b.r.IntN(3) {
			records = append(records, record{b.r.IntN(4), 1 + b.r.IntN(b.values+1)})
		}
		steps = append(steps, step("poll", oracle.MapValue(oracle.IntValue(b.r.IntN(b.names)), spellRecords(records))))
	}
	return oracle.ListValue(steps...)
}
