package generate

import (
	"math/rand/v2"
	"slices"
	"time"

	"faultline/internal/audit/oracle"
)

// delivery says when a replica may apply an update.
type delivery uint8

const (
	anyhow    delivery = iota
	bySession          // after the earlier ones of its session
	byCause            // after all that its session had seen
	inOrder            // after all earlier ones
	deliveries
)

// update is what a replica applies: a write, a delete, or a cas, which is compared where it is invoked.
type update struct {
	session int
	key     string
	value   oracle.Value
	seen    []int // updates that its session had seen
}

// replicated are clients of a store whose replicas apply updates late, and in orders that differ.
type replicated struct {
	r        *rand.Rand
	delivery delivery
	merge    bool // of two updates of a key the one that was invoked later counts, wherever it arrives
	roam     bool // a client asks another replica each time
	replicas [][]int
	updates  []update
	seen     map[int][]int // by session
	home     map[int]int   // by session
}

// Replicated draws a history of registers for the weaker consistency models. If it is plain, no value is written twice and nothing is
// deleted, and what fails to compare tells what it found.
func Replicated(r *rand.Rand, plain bool, o Options) []oracle.Event {
	o.Keys = 3
	g := &run{r: r, shape: newShape(r, o), pool: newPool(r), object: objects["cas-register"]}
	if plain && !g.unique {
		g.unique, g.values = true, integers
	}
	g.operations, g.processes = o.Operations-r.IntN(4), 1+r.IntN(3)
	g.info = pick(r, []float64{0, 0, 0.1, 0.3})
	if plain {
		g.compared, g.found = 1, 1
	}
	g.mistaken = pick(r, []float64{0, 0, 0, 0, 0, 0.2})
	g.start()
	s := &replicated{r: r, delivery: delivery(r.IntN(int(deliveries))), merge: r.IntN(2) == 0, roam: r.IntN(2) == 0,
		replicas: make([][]int, 2+r.IntN(3)), seen: map[int][]int{}, home: map[int]int{}}
	g.do = s.apply
	g.draw = func(r *rand.Rand, p *pool) (string, oracle.Value) {
		for {
			f, input := drawReplicated(r, p)
			if !plain || isPlain(f, input) {
				return f, input
			}
		}
	}
	eager := 1 + r.IntN(3)
	for g.invoked < g.operations || len(g.open) > 0 {
		for range r.IntN(eager) {
			s.deliver()
		}
		g.act()
	}
	return g.events
}

var drawReplicated = drawRegister("read", "read", "read", "read", "write", "write", "write", "cas", "delete")

// isPlain tells that an operation writes a value of its own.
func isPlain(f string, input oracle.Value) bool {
	switch f {
	case "delete":
		return false
	case "write":
		return input.Kind() != oracle.Nil
	case "cas":
		return input.Items()[1].Kind() != oracle.Nil && !input.Items()[0].Equal(input.Items()[1])
	}
	return true
}

// apply has a replica do an operation.
func (s *replicated) apply(c *call) (oracle.Value, answer) {
	at, ok := s.home[c.process]
	if !ok || s.roam {
		at = s.r.IntN(len(s.replicas))
		s.home[c.process] = at
	}
	now := s.read(at, c.key)
	value := c.input
	switch c.f {
	case "read":
		s.see(c.process, at)
		return now, done
	case "delete":
		value = oracle.NilValue()
	case "cas":
		s.see(c.process, at)
		if !now.Equal(c.input.Items()[0]) {
			return now, compared
		}
		value = c.input.Items()[1]
	}
	id := len(s.updates)
	s.updates = append(s.updates, update{c.process, c.key, value, slices.Clone(s.seen[c.process])})
	s.replicas[at] = append(s.replicas[at], id)
	s.seen[c.process] = append(s.seen[c.process], id)
	return oracle.Value{}, done
}

func (s *replicated) see(process, at int) {
	for _, id := range s.replicas[at] {
		if !slices.Contains(s.seen[process], id) {
			s.seen[process] = append(s.seen[process], id)
		}
	}
}

func (s *replicated) read(at int, key string) oracle.Value {
	now, newest := oracle.NilValue(), -1
	for _, id := range s.replicas[at] {
		if s.updates[id].key == key && (!s.merge || id > newest) {
			now, newest = s.updates[id].value, id
		}
	}
	return now
}

// deliver has some replica apply an update that it may apply.
func (s *replicated) deliver() {
	if len(s.updates) == 0 {
		return
	}
	at, id := s.r.IntN(len(s.replicas)), s.r.IntN(len(s.updates))
	has := func(id int) bool { return slices.Contains(s.replicas[at], id) }
	if has(id) {
		return
	}
	for earlier := range id {
		needed := s.delivery == inOrder || s.delivery == bySession && s.updates[earlier].session == s.updates[id].session ||
			s.delivery == byCause && slices.Contains(s.updates[id].seen, earlier)
		if needed && !has(earlier) {
			return
		}
	}
	s.replicas[at] = append(s.replicas[at], id)
}

// Settle adds reads when all is over: what a history needs to be judged by whether replicas agree.
func Settle(r *rand.Rand, events []oracle.Event, after time.Duration) []oracle.Event {
	end, key := events[len(events)-1].Time, ""
	for _, e := range events {
		if e.Process != oracle.Nemesis {
			key = e.Key
		}
	}
	values := []oracle.Value{oracle.NilValue()}
	for _, e := range events {
		if e.F == "write" && e.Type == oracle.Invoke && e.Key == key {
			values = append(values, e.Value)
		}
	}
	seen := pick(r, values)
	for process := range 2 {
		if r.IntN(4) == 0 {
			seen = pick(r, values)
		}
		e := oracle.Event{Process: 100 + process, Type: oracle.Invoke, F: "read", Key: key, Value: oracle.NilValue(), Time: end + after}
		events = append(events, e)
		e.Type, e.Value = oracle.OK, seen
		events = append(events, e)
	}
	return events
}
