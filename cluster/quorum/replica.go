package quorum

import (
	"maps"
	"slices"
	"time"

	"faultline/cluster/logical"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// replica is the program of a node. It keeps objects, and coordinates what clients ask it for.
type replica struct {
	*sim.Process
	*system

	// A planted bug can take the place of these.
	answer func(from string, q rpc.Request) rpc.Response
	call   func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	keep   func(record) error
	rule   versioned.Rule // how a copy becomes part of what the replica has
	put    func(o versioned.Object, value string, at logical.Hybrid, context logical.Vector) versioned.Object
	enough func(acks int) bool // whether a write is acknowledged that so many replicas have
	ask    func(key string, request func(owner string) rpc.Request) <-chan rpc.Heard

	writeBack func(key string, o versioned.Object) bool

	*monitor.Monitor // guards the following
	objects          map[string]versioned.Object
	hints            map[hint]bool
	clock            logical.Hybrid
}

// hint is a key of which another node has missed a write.
type hint struct{ Node, Key string }

// record is what an object is from then on; or, if the hint was delivered, that it is none any more.
type record struct {
	Key       string           `json:"k"`
	Object    versioned.Object `json:"o,omitzero"`
	For       string           `json:"for,omitempty"` // which node has missed it
	Delivered bool             `json:"delivered,omitempty"`
}

// boot starts a replica from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	file, stored, err := journal.Open[record](p)
	if err != nil {
		return nil, err
	}
	r := &replica{Process: p, system: s, call: rpc.NewCaller(p.Host(), port).Call, keep: file.Add, rule: s.mode.rule,
		enough:  func(acks int) bool { return acks >= s.sizes.w },
		Monitor: monitor.New(p), objects: map[string]versioned.Object{}, hints: map[hint]bool{}}
	r.answer, r.put, r.ask, r.writeBack = r.handle, r.putting, r.asking, r.spread
	for _, change := range stored {
		r.take(change)
	}
	s.plant(r)
	p.Go(r.handHintsOff)
	p.Go(r.compareWithOthers)
	return r, rpc.Serve(p, port, r.answer)
}

func (r *replica) handle(_ string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case "read":
		return rpc.With(q, r.read)
	case "write":
		return rpc.With(q, r.write)
	case "get":
		return rpc.With(q, func(key string) rpc.Response {
			o := r.has(key)
			return rpc.Answer(0, o.String(), o)
		})
	case "store", handOff:
		return rpc.With(q, func(c copied) rpc.Response {
			r.store(c)
			return rpc.Answer(0, "", nil)
		})
	case "compare":
		return rpc.With(q, r.compare)
	default:
		return rpc.With(q, r.exchange)
	}
}

// copied is a copy of an object, for a replica or for a node that keeps it in the place of one.
type copied struct {
	Key    string           `json:"k"`
	Object versioned.Object `json:"o"`
	For    string           `json:"for,omitempty"` // whose place it is
}

func (r *replica) has(key string) versioned.Object {
	r.Lock()
	defer r.Unlock()
	return r.objects[key]
}

// store makes a copy part of what the replica has, and returns once it is synced.
func (r *replica) store(c copied) {
	r.change(c.Key, c.For, func(o versioned.Object) versioned.Object { return r.rule(o, c.Object) })
}

// change changes an object, on the disk and then here. A hint says that a node has missed it; it is empty if none has.
func (r *replica) change(key, missed string, do func(versioned.Object) versioned.Object) versioned.Object {
	r.Lock()
	defer r.Unlock()
	r.Own()
	defer r.Disown()
	before, hinted := r.objects[key], missed == "" || r.hints[hint{missed, key}]
	after := do(before)
	if !hinted || !after.Equal(before) {
		r.commit(record{Key: key, Object: after, For: missed})
	}
	return after
}

// commit makes a change, on the disk and then here. The caller owns the disk.
func (r *replica) commit(change record) {
	if r.Sync(func() error { return r.keep(change) }) {
		r.take(change)
	}
}

func (r *replica) take(change record) {
	h := hint{change.For, change.Key}
	switch {
	case change.Delivered:
		delete(r.hints, h)
		return
	case change.For != "":
		r.hints[h] = true
	}
	r.objects[change.Key] = change.Object
	r.clock.Receive(change.Object.Latest(), r.clock.Wall)
}

// shared are the objects of some keys.
func (r *replica) shared(which func(key string) bool) map[string]versioned.Object {
	r.Lock()
	defer r.Unlock()
	some := maps.Clone(r.objects)
	maps.DeleteFunc(some, func(key string, _ versioned.Object) bool { return !which(key) })
	return some
}

// lacks reports whether the replica has not got the newest state of an object that it is to have, or has something for others.
func (r *replica) lacks(newest map[string]versioned.Object) bool {
	r.Lock()
	defer r.Unlock()
	for key, o := range newest {
		if slices.Contains(r.home(key), r.Node()) && !r.objects[key].Equal(o) {
			return true
		}
	}
	return len(r.hints) > 0
}

// Role implements sim.Program. All nodes are alike.
func (*replica) Role() (role string, term uint64) { return "replica", 0 }

// Stop implements sim.Program. All that a replica has started ends with its process.
func (r *replica) Stop() error { return nil }
