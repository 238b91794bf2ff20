package quorum

import (
	"fmt"
	"time"

	"faultline/cluster/logical"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// Why a coordinator does not do what a client asks for.
const (
	noQuorum   = "no-quorum"
	tooFewAcks = "too-few-acks"
)

// read asks for a key, and returns what all answers together say.
func (r *replica) read(c versioned.Command) rpc.Response {
	o, agreed, ok := r.collect(c.Key)
	if !ok {
		return rpc.Refuse(0, noQuorum, "")
	}
	if r.mode.writesBack && !agreed && !r.writeBack(c.Key, o) {
		return rpc.Refuse(0, noQuorum, "")
	}
	return rpc.Answer(0, o.String(), o.Result())
}

// write makes a version, and tells the replicas of it.
func (r *replica) write(c versioned.Command) rpc.Response {
	var basis versioned.Object
	if r.mode.asksBefore(c) {
		var ok bool
		if basis, _, ok = r.collect(c.Key); !ok {
			return rpc.Refuse(0, noQuorum, "")
		}
	}
	if !r.spread(c.Key, r.written(c, basis)) {
		return rpc.Unsure(0, tooFewAcks)
	}
	return rpc.Answer(0, "", versioned.Result{})
}

// written is a new state of an object. The basis is what was found, if the mode asks before it writes.
//
// A coordinator counts its own writes to an object. So it keeps the object even if it is not one of its replicas: what it has forgotten
// it would count again, and replicas would take the new write for the old one.
func (r *replica) written(c versioned.Command, basis versioned.Object) versioned.Object {
	at := r.time(basis)
	if !r.mode.siblings {
		return versioned.Stamped(c.Value, r.Node(), at)
	}
	context := c.Context
	if c.All {
		context = basis.Seen
	}
	return r.change(c.Key, "", func(o versioned.Object) versioned.Object { return r.put(r.rule(o, basis), c.Value, at, context) })
}

func (r *replica) putting(o versioned.Object, value string, at logical.Hybrid, context logical.Vector) versioned.Object {
	return o.Put(value, r.Node(), at, context)
}

// time is the time of a write that is to replace what was found. A clock of the machine tells it in milliseconds, as most
// stores do. A hybrid clock is also later than all that the node has heard of; and one whose physical clock stands still is Lamport's,
// whose times ABD calls tags.
func (r *replica) time(basis versioned.Object) logical.Hybrid {
	physical := time.Duration(r.Now().UnixMilli()) * time.Millisecond
	r.Lock()
	defer r.Unlock()
	switch {
	case r.mode.tags:
		return r.clock.Receive(basis.Latest(), 0)
	case r.config.Timestamps == hybrid:
		return r.clock.Receive(basis.Latest(), physical)
	default:
		return logical.Hybrid{Wall: physical}
	}
}

// collect asks the replicas of a key, and waits for R answers. It returns what they say together, and whether they agree and are
// as many as have to acknowledge a write. It is not ok if fewer answer.
func (r *replica) collect(key string) (o versioned.Object, agreed, ok bool) {
	heard := r.ask(key, func(string) rpc.Request { return rpc.NewRequest("get", 0, key, key) })
	var said []version
	for left := r.sizes.n; left > 0; {
		h := <-heard
		left--
		if said = append(said, versionOf(h)...); len(said) < r.sizes.r {
			continue
		}
		o = r.together(said)
		if r.config.ReadRepair {
			r.Go(func() { r.repair(key, said, heard, left) })
		}
		return o, len(said) >= r.sizes.w && !disagree(said, o), true
	}
	return o, false, false
}

// version is what a node has of a key.
type version struct {
	node   string
	object versioned.Object
}

// versionOf is what an answer says, if there is one.
func versionOf(h rpc.Heard) []version {
	v := version{node: h.Node}
	if !h.Did() || h.Response.Decode(&v.object) != nil {
		return nil
	}
	return []version{v}
}

// together is what several nodes have of a key.
func (r *replica) together(said []version) (o versioned.Object) {
	for _, v := range said {
		o = r.mode.rule(o, v.object)
	}
	return o
}

func disagree(said []version, o versioned.Object) bool {
	for _, v := range said {
		if !v.object.Equal(o) {
			return true
		}
	}
	return false
}

// spread tells the replicas of a key what it is, and reports whether enough of them have it.
func (r *replica) spread(key string, o versioned.Object) bool {
	heard := r.ask(key, func(owner string) rpc.Request {
		return rpc.NewRequest("store", 0, fmt.Sprintf("%s is %v", key, o), copied{key, o, owner})
	})
	acks := 0
	for range r.sizes.n {
		if h := <-heard; h.Did() {
			acks++
		}
		if r.enough(acks) {
			return true
		}
	}
	return false
}

// asking asks the replicas of a key. In a sloppy quorum another node stands in for one that does not answer. Its request names whose place it takes.
func (r *replica) asking(key string, request func(owner string) rpc.Request) <-chan rpc.Heard {
	spare := make(chan string, len(r.Nodes()))
	if r.mode.sloppy {
		for _, node := range r.spare(key) {
			spare <- node
		}
	}
	close(spare)
	return rpc.AskAll(r.Process, r.home(key), func(node string) (rpc.Response, error) {
		response, err := r.tell(node, request(""))
		for err != nil {
			other, ok := <-spare
			if !ok {
				break
			}
			response, err = r.tell(other, request(node))
		}
		return response, err
	})
}

// tell sends a node a request. The coordinator is a node too.
func (r *replica) tell(node string, q rpc.Request) (rpc.Response, error) {
	if node == r.Node() {
		return r.answer(node, q), nil
	}
	return r.call(node, q, r.config.Patience)
}
