package chain

import (
	"fmt"

	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/stream"
)

// tell tells a neighbour something for as long as an epoch lasts.
func (r *replica) tell(neighbour string, epoch uint64, say func() rpc.Request, heard func(rpc.Response), news func() bool) {
	lasts := func() bool { return r.chain.epoch == epoch && !r.Dead() }
	stream.Stream{Lasts: lasts, Say: say, News: news,
		Call: func(q rpc.Request) (rpc.Response, error) { return r.call(neighbour, q, r.config.SuspectAfter) },
		Answered: func(response rpc.Response, done bool) {
			if r.later = max(r.later, response.Term); done && lasts() {
				r.Hear(neighbour)
				heard(response)
			}
		},
	}.Run(r.Monitor)
}

// message is what a node passes on. Without entries it is a sign of life.
type message struct {
	epochlog.Copy[kv.Command]
	Committed uint64 `json:"committed"`
}

// stored is the answer: up to where the log is the sender's; or from where on it may need more.
type stored struct {
	Stored bool   `json:"stored"`
	Length uint64 `json:"length"`
}

// pass passes on to the next node what this one is sure of. Until it is sure of something it only gives signs of life.
func (r *replica) pass(next string, epoch uint64) {
	begun, has := false, uint64(0) // how much the next node has
	say := func() rpc.Request {
		if !begun {
			has = r.sure
		}
		m := message{r.log[:r.sure].Copy(min(has, r.sure)), r.committed}
		return rpc.NewRequest("pass", epoch, fmt.Sprintf("prev %v, %d entries, commit %d", m.After, len(m.Entries), m.Committed), m)
	}
	heard := func(response rpc.Response) {
		var s stored
		if r.sure > 0 && response.Decode(&s) == nil {
			begun, has = true, s.Length
		}
	}
	r.tell(next, epoch, say, heard, func() bool { return r.sure > has || !begun && r.sure > 0 })
}

// report tells the node before this one what is committed.
func (r *replica) report(previous string, epoch uint64) {
	var said, told uint64
	say := func() rpc.Request {
		said = r.committed
		return rpc.NewRequest("committed", epoch, fmt.Sprint(said), said)
	}
	r.tell(previous, epoch, say, func(rpc.Response) { told = said }, func() bool { return r.committed > told })
}

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
	if !r.in(epoch) || from != r.chain.before(r.Node()) {
		return r.refuse("other-epoch", "")
	}
	change, end, ok := r.log.Take(m.Copy)
	if !ok {
		return rpc.Answer(epoch, fmt.Sprintf("has %d", end), stored{Length: end})
	}
	if len(change.Entries) > 0 {
		r.store(record(change))
		if change.Keep < r.committed { // which never is, unless there is a bug
			r.state, r.committed = kv.NewState(), 0
		}
	}
	r.certain(end)
	r.commit(min(m.Committed, end))
	return rpc.Answer(epoch, fmt.Sprintf("stored %d", end), stored{true, end})
}

// reported takes what the next node says is committed, as far as this one is sure of its log: if both have just joined the next one may
// know more.
func (r *replica) reported(from string, epoch, n uint64) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if !r.in(epoch) || from != r.chain.after(r.Node()) {
		return r.refuse("other-epoch", "")
	}
	r.Hear(from)
	r.commit(min(n, r.sure))
	return rpc.Answer(epoch, "", nil)
}

// in reports whether this is the epoch of the node, and notes it if it is a later one.
func (r *replica) in(epoch uint64) bool {
	r.later = max(r.later, epoch)
	return epoch == r.chain.epoch
}

// certain notes that the first n entries are those of the head. What the tail has is committed.
func (r *replica) certain(n uint64) {
	r.sure = max(r.sure, n)
	if r.committedBy(r.Node()) {
		r.commit(r.sure)
	}
	r.Changed()
}
