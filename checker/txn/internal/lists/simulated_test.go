package lists_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"faultline/history"
)

// simulated is a database whose transactions append to lists and read them, under clients at once. It makes histories of any length.
type simulated struct {
	setting
	random  *rand.Rand
	clients []client
	keys    []key // those in use
	nextKey int64
	process int32
	events  int32
	ops     []history.Operation // those that are not handed out yet
	first   int                 // the number of the first of them
	clock   int64               // the number of the last commit
}

// setting says how a simulated database is used, and how it fails.
type setting struct {
	isolation isolation
	clients   int
	keys      int // how many are in use at a time
	writes    int // how many a key gets at most; the numbers are distributed by Zipf's law, as Elle's are
	steps     int // a transaction has at most
	unknown   float64
	aborted   float64
	stale     int // how many commits old stale reads may be
}

type isolation int

const (
	strictSerializable isolation = iota // all steps of a transaction happen at one moment
	snapshot                            // reads are of the moment at which it began; the first of two that append to a key commits
	readCommitted                       // each read is of its own moment; of two that append to a key at once, one aborts
	readUncommitted                     // each step happens at its own moment, and an abort takes nothing back
	staleReads                          // the same as strictSerializable, but transactions that only read see an older state
)

// elle is what Elle's generator does if it is not told otherwise.
var elle = setting{clients: 20, keys: 10, writes: 256, steps: 4, unknown: 0.01, aborted: 0.01, stale: 30}

type key struct {
	name   int64
	limit  int64
	last   int64 // the last value that a client chose
	values *list
}

// list is what is in a key.
type list struct {
	values  []history.Value
	commits []int64 // of each value
}

type client struct {
	process int32
	op      int // its operation, -1 if it has none
	steps   []step
	done    int
	began   int64
}

type step struct {
	append bool
	key    int64
	list   *list
	value  int64
	read   history.Value
	began  int64 // the last commit before it
}

func newSimulated(s setting, seed uint64) *simulated {
	db := &simulated{setting: s, random: rand.New(rand.NewPCG(seed, 0))}
	for range s.clients {
		db.clients = append(db.clients, client{process: db.process, op: -1})
		db.process++
	}
	for range s.keys {
		db.keys = append(db.keys, db.freshKey())
	}
	return db
}

func (db *simulated) freshKey() key {
	db.nextKey++
	limit := int64(math.Exp(db.random.Float64() * math.Log(float64(db.writes))))
	return key{name: db.nextKey, limit: max(1, limit), values: &list{}}
}

// all are n transactions and no more.
func (db *simulated) all(n int) []history.Operation {
	for len(db.ops) < n {
		db.turn(&db.clients[db.random.IntN(len(db.clients))], true)
	}
	return db.rest()
}

// rest are those that are not handed out yet. They end.
func (db *simulated) rest() []history.Operation {
	for i := range db.clients {
		for db.clients[i].op >= 0 {
			db.turn(&db.clients[i], false)
		}
	}
	return db.take(len(db.ops))
}

func (db *simulated) take(n int) []history.Operation {
	taken := db.ops[:n:n]
	db.ops = append([]history.Operation(nil), db.ops[n:]...)
	db.first += n
	return taken
}

// turn lets a client do one thing.
func (db *simulated) turn(c *client, more bool) {
	switch {
	case c.op < 0 && more:
		db.invoke(c)
	case c.op < 0:
	case c.done < len(c.steps):
		db.do(c)
	default:
		db.complete(c)
	}
}

func (db *simulated) invoke(c *client) {
	c.op, c.done, c.began = db.first+len(db.ops), 0, db.clock
	c.steps = c.steps[:0]
	for range 1 + db.random.IntN(db.steps) {
		c.steps = append(c.steps, db.step())
	}
	db.ops = append(db.ops, history.Operation{
		F: "txn", Process: c.process, Input: encode(c.steps, false), Invoked: db.events, Invoke: time.Duration(db.events), Returned: -1,
	})
	db.events++
}

func (db *simulated) step() step {
	i := db.keyInUse()
	if db.random.IntN(2) == 0 {
		return step{key: db.keys[i].name, list: db.keys[i].values}
	}
	if db.keys[i].last == db.keys[i].limit {
		db.keys[i] = db.freshKey()
	}
	db.keys[i].last++
	return step{append: true, key: db.keys[i].name, list: db.keys[i].values, value: db.keys[i].last}
}

// keyInUse draws a key: each is twice as likely as the one before it.
func (db *simulated) keyInUse() int {
	i := len(db.keys) - 1
	for i > 0 && db.random.IntN(2) == 0 {
		i--
	}
	return i
}

// do does the next step of a transaction, or all of them.
func (db *simulated) do(c *client) {
	switch db.isolation {
	case strictSerializable, staleReads:
		db.clock++
		at := db.clock
		if db.isolation == staleReads && !slices.ContainsFunc(c.steps, func(s step) bool { return s.append }) {
			at -= int64(db.random.IntN(db.stale))
		}
		for ; c.done < len(c.steps); c.done++ {
			if s := &c.steps[c.done]; at < db.clock {
				s.read = s.list.at(at, nil)
			} else {
				db.apply(s, at)
			}
		}
		return
	case snapshot:
		s := &c.steps[c.done]
		if s.began = c.began; !s.append {
			s.read = s.list.at(c.began, c.own(s.key))
		}
	case readCommitted:
		s := &c.steps[c.done]
		if s.began = db.clock; !s.append {
			s.read = s.list.at(db.clock, c.own(s.key))
		}
	case readUncommitted:
		db.clock++
		db.apply(&c.steps[c.done], db.clock)
	}
	c.done++
}

func (db *simulated) apply(s *step, at int64) {
	if s.append {
		s.list.add(s.value, at)
	} else {
		s.read = history.ListValue(s.list.values...)
	}
}

func (l *list) add(value, at int64) {
	l.values, l.commits = append(l.values, history.IntValue(value)), append(l.commits, at)
}

// at is the list as it was after a commit, with the values of its reader.
func (l *list) at(commit int64, own []history.Value) history.Value {
	n := len(l.values)
	for n > 0 && l.commits[n-1] > commit {
		n--
	}
	return history.ListValue(append(l.values[:n:n], own...)...)
}

// own is what a transaction has appended to a key so far.
func (c *client) own(key int64) []history.Value {
	var own []history.Value
	for _, s := range c.steps[:c.done] {
		if s.append && s.key == key {
			own = append(own, history.IntValue(s.value))
		}
	}
	return own
}

func (db *simulated) complete(c *client) {
	op := &db.ops[c.op-db.first]
	op.Outcome = history.OK
	commits := db.random.Float64() >= db.aborted
	done := db.isolation == strictSerializable || db.isolation == staleReads || db.isolation == readUncommitted
	if done && db.isolation != readUncommitted {
		commits = true
	}
	if db.isolation == snapshot || db.isolation == readCommitted {
		for _, s := range c.steps {
			if n := len(s.list.commits); s.append && n > 0 && s.list.commits[n-1] > s.began {
				commits = false
			}
		}
	}
	if commits && !done {
		db.clock++
		for i := range c.steps {
			if c.steps[i].append {
				db.apply(&c.steps[i], db.clock)
			}
		}
	}
	if !commits {
		op.Outcome = history.Fail
	}
	if db.random.Float64() < db.unknown {
		op.Outcome = history.Info
		c.process = db.process
		db.process++
	}
	if op.Outcome == history.OK {
		op.Output = encode(c.steps, true)
	}
	op.Returned, op.Return = db.events, time.Duration(db.events)
	db.events++
	c.op = -1
}

var read, appending = history.TextValue("r"), history.TextValue("append")

func encode(steps []step, answered bool) history.Value {
	values := make([]history.Value, len(steps))
	for i, s := range steps {
		switch {
		case s.append:
			values[i] = history.ListValue(appending, history.IntValue(s.key), history.IntValue(s.value))
		case answered:
			values[i] = history.ListValue(read, history.IntValue(s.key), s.read)
		default:
			values[i] = history.ListValue(read, history.IntValue(s.key), history.NilValue())
		}
	}
	return history.ListValue(values...)
}
