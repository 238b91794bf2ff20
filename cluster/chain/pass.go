package chain

import (
	"fmt"

	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/replog"
	"faultline/cluster/sim/rpc"
)

// telling is what a node keeps telling a neighbour.
type telling interface {
	say(epoch uint64) rpc.Request
	heard(rpc.Response)
	news() bool // whether there is something to say that was not said
}

// tell tells a neighbour what is new, and nothing now and then, for as long as an epoch lasts.
func (r *replica) tell(neighbour string, epoch uint64, what telling) {
	r.Lock()
	defer r.Unlock()
	lasts := func() bool { return r.chain.epoch == epoch && !r.Dead() }
	for lasts() {
		q, beat := what.say(epoch), r.beats
		var response rpc.Response
		var err error
		r.Outside(func() { response, err = r.call(neighbour, q, r.config.SuspectAfter) })
		r.later = max(r.later, response.Term)
		heard := err == nil && response.Status == rpc.Done && lasts()
		if heard {
			r.Hear(neighbour)
			what.heard(response)
		} else {
			beat = r.beats // no news for it before the next beat
		}
		r.Await(func() bool { return !lasts() || r.beats > beat || heard && what.news() })
	}
}

// message is what a node passes on. Without entries it is a sign of life.
type message struct {
	replog.Copy
	Committed uint64 `json:"committed"`
}

// stored is the answer: up to where the log is the sender's; or from where on it may need more.
type stored struct {
	Stored bool   `json:"stored"`
	Length uint64 `json:"length"`
}

// passing passes on to the next node what this one is sure of.
type passing struct {
	r     *replica
	begun bool
	has   uint64 // how much the next node has
}

func (p *passing) say(epoch uint64) rpc.Request {
	r := p.r
	if !p.begun {
		p.has = r.sure
	}
	m := message{r.log[:r.sure].Copy(min(p.has, r.sure)), r.committed}
	return rpc.NewRequest("pass", epoch, fmt.Sprintf("prev %v, %d entries, commit %d", m.After, len(m.Entries), m.Committed), m)
}

func (p *passing) heard(response rpc.Response) {
	var s stored
	if p.r.sure > 0 && response.Decode(&s) == nil {
		p.begun, p.has = true, s.Length
	}
}

func (p *passing) news() bool { return p.r.sure > p.has || !p.begun && p.r.sure > 0 }

// reporting tells the node before this one what is committed.
type reporting struct {
	r    *replica
	told uint64
	said uint64
}

func (p *reporting) say(epoch uint64) rpc.Request {
	p.said = p.r.committed
	return rpc.NewRequest("committed", epoch, fmt.Sprint(p.said), p.said)
}

func (p *reporting) heard(rpc.Response) { p.told = p.said }
func (p *reporting) news() bool         { return p.r.committed > p.told }

// accept stores what the node before this one passes on, and answers once it is synced. What that one lacks was never committed, and is
// discarded.
func (r *replica) accept(from string, epoch uint64, m message) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if epoch == r.chain.epoch {
		r.Hear(from)
	}
	r.Own()
	defer r.Disown()
	if !r.neighbour(from, epoch) {
		return r.refuse("other-epoch", "")
	}
	change, end, ok := r.log.Take(m.Copy)
	if !ok {
		return rpc.Answer(epoch, fmt.Sprintf("has %d", end), stored{Length: end})
	}
	if len(change.Entries) > 0 {
		r.store(record(change))
		if change.Keep < r.committed {
			r.state, r.committed = kv.NewState(), 0
		}
	}
	r.certain(end)
	r.commit(min(m.Committed, end))
	return rpc.Answer(epoch, fmt.Sprintf("stored %d", end), stored{true, end})
}

// reported takes what the next node says is committed.
func (r *replica) reported(from string, epoch, n uint64) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if !r.neighbour(from, epoch) {
		return r.refuse("other-epoch", "")
	}
	r.Hear(from)
	r.commit(n)
	return rpc.Answer(epoch, "", nil)
}

// neighbour reports whether a node is next to this one in an epoch, and notes that there is a later one if there is.
func (r *replica) neighbour(node string, epoch uint64) bool {
	r.later = max(r.later, epoch)
	return epoch == r.chain.epoch && (r.chain.before(r.Node()) == node || r.chain.after(r.Node()) == node)
}

// certain notes that the first n entries are those of the head. What the tail has is committed.
func (r *replica) certain(n uint64) {
	r.sure = max(r.sure, n)
	if r.committedBy(r.Node()) {
		r.commit(r.sure)
	}
	r.Changed()
}
