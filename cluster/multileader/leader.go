package multileader

import (
	"fmt"
	"time"

	"faultline/cluster/logical"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// update is a write that a node has taken, as all nodes get to know it.
type update struct {
	ID     logical.Dot      `json:"id"` // the node that took it, and which of its writes it is
	Key    string           `json:"k"`
	Object versioned.Object `json:"o"`     // what the key was there, with the write
	After  logical.Vector   `json:"after"` // the updates that the node had then: all that it can depend on
}

func (u update) String() string { return fmt.Sprintf("%v %s=%v", u.ID, u.Key, u.Object) }

// leader is the program of a node.
type leader struct {
	*sim.Process
	*system

	// A planted bug can take the place of these.
	call  func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	keep  func(update) error
	rule  versioned.Rule
	ready func(update) bool         // whether all is here that an update depends on
	met   func(logical.Vector) bool // whether all is here that a session has seen
	hear  func(logical.Hybrid)      // what an update's time does to the node's own clock

	*monitor.Monitor // guards the following
	log              []update
	has              logical.Vector // of each node the first so many updates
	objects          map[string]versioned.Object
	last             map[string]update // by key, the one that has won
	clock            logical.Hybrid
	told             map[string]logical.Vector // what neighbours have said that they have
	passed           map[string]int            // of the log, how much at its beginning a neighbour does not lack
}

// boot starts a leader from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	file, stored, err := journal.Open[update](p)
	if err != nil {
		return nil, err
	}
	l := &leader{Process: p, system: s, call: rpc.NewCaller(p.Host(), port).Call, keep: file.Add, rule: s.mode.rule, Monitor: monitor.New(p),
		has: logical.Vector{}, objects: map[string]versioned.Object{}, last: map[string]update{}, told: map[string]logical.Vector{}, passed: map[string]int{}}
	l.ready, l.met, l.hear = l.isReady, l.hasMet, l.hearOf
	s.plant(l)
	for _, u := range stored {
		l.take(u)
	}
	for _, node := range s.neighbours(p.Node()) {
		p.Go(func() { l.tell(node) })
	}
	return l, rpc.Serve(p, port, l.handle)
}

func (l *leader) handle(_ string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case "read":
		return rpc.With(q, l.read)
	case "write":
		return rpc.With(q, l.write)
	default:
		return rpc.With(q, l.learn)
	}
}

// behind is why a session is not served.
const behind = "behind"

// read answers from what is here.
func (l *leader) read(c versioned.Command) rpc.Response {
	l.Lock()
	defer l.Unlock()
	if !l.met(c.Session) {
		return rpc.Refuse(0, behind, "")
	}
	o := l.objects[c.Key]
	return rpc.Answer(0, o.String(), l.answer(o))
}

// write takes an update and returns once it is synced. Nobody else knows of it then.
func (l *leader) write(c versioned.Command) rpc.Response {
	l.Lock()
	defer l.Unlock()
	l.Own()
	defer l.Disown()
	if !l.met(c.Session) {
		return rpc.Refuse(0, behind, "")
	}
	u := update{ID: logical.Dot{Node: l.Node(), N: l.has[l.Node()] + 1}, Key: c.Key, After: l.has.Clone()}
	u.Object = l.written(c, u.ID)
	if !l.store(u) {
		return rpc.Unsure(0, "disk")
	}
	l.Acknowledge(u.String())
	return rpc.Answer(0, u.String(), l.answer(versioned.Object{}))
}

// answer is what a client is told.
func (l *leader) answer(o versioned.Object) versioned.Result {
	r := o.Result()
	if l.mode.causal {
		r.Session = l.has.Clone()
	}
	return r
}

// written is what a key is with one more write.
func (l *leader) written(c versioned.Command, id logical.Dot) versioned.Object {
	at := l.time()
	o := l.objects[c.Key]
	switch {
	case !l.mode.siblings:
		return versioned.Object{Versions: []versioned.Version{{Value: c.Value, Time: at, Dot: id}}}
	case c.All:
		return o.Put(c.Value, l.Node(), at, o.Seen)
	default:
		return o.Put(c.Value, l.Node(), at, c.Context)
	}
}

// time is when a write is. A hybrid clock whose physical clock stands still is Lamport's.
func (l *leader) time() logical.Hybrid {
	if l.mode.physical {
		return logical.Hybrid{Wall: time.Duration(l.Now().UnixMilli()) * time.Millisecond}
	}
	return l.clock.Tick(0)
}

func (l *leader) hearOf(at logical.Hybrid) { l.clock.Receive(at, 0) }

// store makes an update part of what is here, on the disk and then in memory, and reports whether it is. The caller owns the disk.
func (l *leader) store(u update) bool {
	synced := l.Sync(func() error { return l.keep(u) })
	if synced {
		l.take(u)
		l.Changed()
	}
	return synced
}

func (l *leader) take(u update) {
	l.log = append(l.log, u)
	l.has[u.ID.Node] = u.ID.N
	l.objects[u.Key] = l.rule(l.objects[u.Key], u.Object)
	l.hear(u.Object.Latest())
	if !l.mode.siblings {
		l.resolve(u)
	}
}

// resolve notes which update of a key has won. One that has lost against one which was taken without knowing of it was lost indeed.
func (l *leader) resolve(u update) {
	won, lost := u, l.last[u.Key]
	if !l.objects[u.Key].Equal(u.Object) {
		won, lost = lost, won
	}
	if lost.ID.N > 0 && !won.After.Includes(lost.ID) {
		l.Discard(lost.String())
	}
	l.last[u.Key] = won
}

func (l *leader) known() logical.Vector {
	l.Lock()
	defer l.Unlock()
	return l.has.Clone()
}

// Role implements sim.Program. All lead, and none has more to say than another.
func (*leader) Role() (role string, term uint64) { return "peer", 0 }

// Stop implements sim.Program. All that a leader has started ends with its process.
func (l *leader) Stop() error { return nil }
