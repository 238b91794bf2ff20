package ladder

import (
	"math/rand/v2"
	"time"

	"faultline/history"
)

// simulation draws the history of a few processes on registers with replicas: each replica gets the writes in an order of
// its own liking, late or never, and each read asks some replica. So histories are of every model, or nearly.
type simulation struct {
	rng       *rand.Rand
	keys      []string
	processes int
	length    int
	replicas  int
	order     deliveries
	roam      bool // a process asks another replica each time
	repeats   bool // values may be written twice, and keys deleted
	spoil     int  // how many reads are given any value

	log    []write // in the order in which they took effect at their first replica
	events []history.Event
	values int64
}

// deliveries is the order in which replicas get writes.
type deliveries int

const (
	oneLog    deliveries = iota // all get them in the one order of the log
	bySession                   // those of each process in their order
	byCause                     // after what the writer had seen
	anyhow                      // in any order
)

type write struct {
	key     string
	value   history.Value
	process int
	seen    []bool // by write, what the writer's replica had
}

// replica is what one node has.
type replica struct {
	has   []bool
	holds map[string]history.Value
}

// draw makes a simulation of some operations from a seed.
func draw(seed uint64, length int) *simulation {
	rng := rand.New(rand.NewPCG(seed, 11))
	s := &simulation{rng: rng, keys: []string{"x", "y", "z"}[:1+rng.IntN(3)], processes: 1 + rng.IntN(4), length: length,
		replicas: 1 + rng.IntN(4), order: deliveries(rng.IntN(4)), roam: rng.IntN(2) == 0}
	if rng.IntN(2) == 0 {
		s.spoil = rng.IntN(6)
	}
	if rng.IntN(4) == 0 {
		s.spoil = 3 * length
	}
	return s
}

func (s *simulation) operations() []history.Operation {
	nodes := make([]replica, s.replicas)
	for i := range nodes {
		nodes[i].holds = map[string]history.Value{}
	}
	next, names := s.processes, make([]int, s.processes)
	for p := range names {
		names[p] = p
	}
	eager := 1 + s.rng.IntN(4)
	for range s.length {
		for range s.rng.IntN(eager) {
			s.deliver(&nodes[s.rng.IntN(len(nodes))])
		}
		p := s.rng.IntN(s.processes)
		node := &nodes[p%len(nodes)]
		if s.roam {
			node = &nodes[s.rng.IntN(len(nodes))]
		}
		if s.step(names[p], node) == history.Info {
			names[p] = next
			next++
		}
	}
	s.spoilReads()
	return mustOperations(s.overlapped())
}

// step does one operation at a node.
func (s *simulation) step(process int, node *replica) history.Type {
	key := s.keys[s.rng.IntN(len(s.keys))]
	held, ok := node.holds[key]
	if !ok {
		held = history.NilValue()
	}
	call := history.Event{Process: process, Type: history.Invoke, F: "read", Key: key}
	end := history.Event{Process: process, Type: history.OK, Key: key, Value: held}
	took := true
	switch s.rng.IntN(5) {
	case 0, 1:
		call.F, call.Value = "write", s.fresh()
		if s.repeats && s.rng.IntN(6) == 0 {
			call.F, call.Value = "delete", history.Value{}
		}
		end.Value = history.Value{}
	case 2:
		expected := held
		if s.rng.IntN(3) == 0 {
			expected = s.any()
		}
		call.F, call.Value = "cas", history.ListValue(expected, s.fresh())
		if took = expected.Equal(held); took {
			end.Value = history.Value{}
		} else {
			end.Type, end.Error = history.Fail, history.PreconditionFailed
			if s.repeats && s.rng.IntN(3) == 0 {
				end.Value = history.Value{}
			}
		}
	}
	if took && s.rng.IntN(10) == 0 {
		end.Type, end.Error, end.Value = history.Info, "timeout", history.Value{}
		took = s.rng.IntN(2) == 0
	}
	if took && call.F != "read" {
		s.apply(call, node)
	}
	end.F = call.F
	s.events = append(s.events, call, end)
	return end.Type
}

// apply has a write take effect at the node that was asked.
func (s *simulation) apply(call history.Event, node *replica) {
	w := write{key: call.Key, value: call.Value, process: call.Process, seen: append([]bool(nil), node.has...)}
	switch call.F {
	case "delete":
		w.value = history.NilValue()
	case "cas":
		pair, _ := call.Value.List()
		w.value = pair[1]
	}
	s.log = append(s.log, w)
	if s.order == oneLog { // the node catches up first
		for i := range s.log {
			s.receive(node, i)
		}
	}
	s.receive(node, len(s.log)-1)
}

func (s *simulation) receive(node *replica, i int) {
	for len(node.has) < len(s.log) {
		node.has = append(node.has, false)
	}
	if !node.has[i] {
		node.has[i] = true
		node.holds[s.log[i].key] = s.log[i].value
	}
}

// deliver gives a node one more write, if there is one that it may have now.
func (s *simulation) deliver(node *replica) {
	for len(node.has) < len(s.log) {
		node.has = append(node.has, false)
	}
	begin := 0
	if s.order != oneLog && len(s.log) > 0 {
		begin = s.rng.IntN(len(s.log))
	}
	for k := range s.log {
		i := (begin + k) % len(s.log)
		if !node.has[i] && s.ready(node, i) {
			s.receive(node, i)
			return
		}
	}
}

func (s *simulation) ready(node *replica, i int) bool {
	for j := range i {
		sameSession := s.log[j].process == s.log[i].process
		caused := j < len(s.log[i].seen) && s.log[i].seen[j]
		needed := s.order == oneLog || s.order == bySession && sameSession || s.order == byCause && (caused || sameSession)
		if needed && !node.has[j] {
			return false
		}
	}
	return true
}

func (s *simulation) fresh() history.Value {
	if s.repeats && s.rng.IntN(3) == 0 {
		return s.any()
	}
	s.values++
	return history.IntValue(s.values)
}

func (s *simulation) any() history.Value {
	if n := s.rng.Int64N(s.values + 1); n > 0 {
		return history.IntValue(n)
	}
	return history.NilValue()
}

// anyOf is a value that is written to a key at some time, or nearly.
func (s *simulation) anyOf(key string) history.Value {
	values := []history.Value{history.NilValue(), s.any()}
	for _, e := range s.events {
		if e.Key != key || e.Type != history.Invoke || e.F == "read" {
			continue
		}
		v := e.Value
		if pair, ok := v.List(); ok {
			v = pair[1]
		}
		values = append(values, v, v, v)
	}
	return values[s.rng.IntN(len(values))]
}

func (s *simulation) spoilReads() {
	for range s.spoil {
		e := &s.events[s.rng.IntN(len(s.events))]
		if e.Type == history.OK && e.F == "read" {
			e.Value = s.anyOf(e.Key)
		}
	}
}

// overlapped moves events of different processes past each other, here and there, and gives them times.
func (s *simulation) overlapped() []history.Event {
	for range len(s.events) {
		i := s.rng.IntN(len(s.events) - 1)
		if s.events[i].Process != s.events[i+1].Process {
			s.events[i], s.events[i+1] = s.events[i+1], s.events[i]
		}
	}
	for i := range s.events {
		s.events[i].Time = time.Duration(i) * time.Second
	}
	return s.events
}
