package crdt

import (
	"fmt"
	"sync"
	"time"

	"faultline/cluster/broadcast"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/logical"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// replica is the program of a node.
type replica struct {
	*sim.Process
	*system
	hooks
	way way

	mu      sync.Mutex
	objects map[string]*datatypes.Object // by key
	updates uint64                       // how many updates they have
}

// way is how replicas tell each other what they have.
type way interface {
	// change syncs an update, takes it in and sees to it that the others get it. It returns false if the process has died: then nobody
	// knows. It may wait.
	change(key string, u datatypes.Update, delta *datatypes.Object) bool
	// answer takes what another node tells.
	answer(from string, q rpc.Request) rpc.Response
}

// hooks are what a planted bug can take the place of.
type hooks struct {
	lacks  func(o *datatypes.Object, seen logical.Vector) bool
	delta  func(o *datatypes.Object, u datatypes.Update) (*datatypes.Object, error)
	join   func(o, other *datatypes.Object)
	value  func(o *datatypes.Object) history.Value
	keep   func(keep func([]change) error, changes []change) error
	call   func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	spread broadcast.Spread
	order  broadcast.Order
}

func sound(p *sim.Process) hooks {
	return hooks{
		lacks:  func(o *datatypes.Object, seen logical.Vector) bool { return !o.Seen.Vector.Contains(seen) },
		delta:  (*datatypes.Object).Delta,
		join:   (*datatypes.Object).Join,
		value:  (*datatypes.Object).Value,
		keep:   func(keep func([]change) error, changes []change) error { return keep(changes) },
		call:   rpc.NewCaller(p.Host(), port).Call,
		spread: broadcast.Eager,
		order:  broadcast.Causal,
	}
}

// boot starts a replica from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	r := &replica{Process: p, system: s, hooks: sound(p), objects: map[string]*datatypes.Object{}}
	s.plant(r)
	var err error
	if r.way, err = s.mode.start(r); err != nil {
		return nil, err
	}
	p.Became("replica", 0)
	return r, rpc.Serve(p, port, r.handle)
}

func (r *replica) handle(from string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case "read":
		return rpc.With(q, r.read)
	case "update":
		return rpc.With(q, r.update)
	default:
		return r.way.answer(from, q)
	}
}

// read answers from what is here.
func (r *replica) read(q query) rpc.Response {
	seen, err := q.seen()
	if err != nil {
		return rpc.Refuse(0, err.Error(), "")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	o, err := r.object(q.Key)
	switch {
	case err != nil:
		return rpc.Refuse(0, err.Error(), "")
	case r.lacks(o, seen):
		return rpc.Refuse(0, "behind", "")
	}
	return answer(o, r.value(o))
}

// update makes an update here, unless it has been made already.
func (r *replica) update(q query) rpc.Response {
	u, err := q.update()
	if err != nil {
		return rpc.Refuse(0, err.Error(), "")
	}
	delta, refused := r.prepare(q.Key, u)
	switch {
	case refused != nil:
		return *refused
	case delta != nil && !r.way.change(q.Key, u, delta):
		return rpc.Unsure(0, "died")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return answer(r.objects[q.Key], history.Value{})
}

// prepare is the delta of an update here; nil if it was made already.
func (r *replica) prepare(key string, u datatypes.Update) (*datatypes.Object, *rpc.Response) {
	refuse := func(why string) (*datatypes.Object, *rpc.Response) {
		refusal := rpc.Refuse(0, why, "")
		return nil, &refusal
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	o, err := r.object(key)
	switch {
	case err != nil:
		return refuse(err.Error())
	case r.lacks(o, u.Context):
		return refuse("behind")
	case o.Seen.Includes(u.Dot):
		return nil, nil
	}
	delta, err := r.delta(o, u)
	if err != nil {
		return refuse(err.Error())
	}
	return delta, nil
}

// object is the one with a key, whose type the key begins with. The caller holds mu.
func (r *replica) object(key string) (*datatypes.Object, error) {
	if o := r.objects[key]; o != nil {
		return o, nil
	}
	o, err := datatypes.New(typeOf(key))
	if err == nil {
		r.objects[key] = o
	}
	return o, err
}

// take joins something in. The caller holds mu.
func (r *replica) take(c change) error {
	o, err := r.object(c.Key)
	if err != nil {
		return err
	}
	if o.Type != c.Object.Type {
		return fmt.Errorf("%s is no %s", c.Key, c.Object.Type)
	}
	before := o.Seen.Len()
	r.join(o, c.Object)
	r.updates += o.Seen.Len() - before
	return nil
}

// versions are the updates that each object has.
func (r *replica) versions() map[string]logical.Vector {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]logical.Vector{}
	for key, o := range r.objects {
		all[key] = o.Seen.Vector
	}
	return all
}

// Role implements sim.Program.
func (r *replica) Role() (string, uint64) { return "replica", 0 }

// Progress implements sim.Replica.
func (r *replica) Progress() report.Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return report.Progress{Last: r.updates, Commit: r.updates, Applied: r.updates}
}

// Stop implements sim.Program. All that a replica has started ends with its process.
func (r *replica) Stop() error { return nil }
