package chain

import (
	"fmt"
	"slices"

	"faultline/cluster/ops"
	"faultline/cluster/sim"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// change does what a client asks for that changes something. The head survives a change of the chain with what it has in its log, so that its
// clients go on waiting.
func (r *replica) change(c kv.Command) rpc.Response {
	r.Lock()
	defer r.Unlock()
	r.Own()
	if r.role != sim.Leader {
		r.Disown()
		return r.refuse("not-head", r.chain.head())
	}
	e := epochlog.Entry[kv.Command]{Epoch: r.chain.epoch, Command: c}
	at := epochlog.Position{Length: r.log.Length() + 1, Epoch: e.Epoch}
	r.results[at.Length] = nil
	defer delete(r.results, at.Length)
	r.store(r.append(e))
	r.Disown()
	r.certain(at.Length)
	r.Await(func() bool { return r.role != sim.Leader || r.results[at.Length] != nil })
	done := r.results[at.Length]
	if done == nil || !r.log.Has(at) {
		return rpc.Unsure(r.chain.epoch, "removed")
	}
	r.Acknowledge(at.String())
	return rpc.Answer(r.chain.epoch, fmt.Sprintf("entry %d", at.Length), done)
}

func (r *replica) append(e epochlog.Entry[kv.Command]) record { return record(r.log.Append(e)) }

// read reads in the way of the mode.
func (r *replica) read(c kv.Command) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if why := r.mode.may(r, c); why != "" {
		return r.refuse(why, r.chain.tail())
	}
	return rpc.Answer(r.chain.epoch, fmt.Sprintf("at %d", r.committed), r.state.Apply(c, r.committed))
}

// atTail says why this node cannot serve a read as the tail, if it cannot.
func (r *replica) atTail(kv.Command) string {
	switch {
	case r.chain.tail() != r.Node():
		return "not-tail"
	case !r.isReady(r.committed):
		return "not-ready"
	}
	return ""
}

// fenced is atTail once it is sure that the epoch, after the read began, was the latest. Nothing was committed in a later one.
func (r *replica) fenced(c kv.Command) string {
	if why := r.latest(); why != "" {
		return why
	}
	return r.atTail(c)
}

// anywhere is fenced for any node of the chain. It has all that was acknowledged, as the tail had that. If it has more of what is read, it
// cannot know how much of that is committed, and asks the tail.
func (r *replica) anywhere(c kv.Command) string {
	why := r.latest()
	epoch := r.chain.epoch
	switch {
	case why != "":
		return why
	case r.role == spare:
		return "not-in-chain"
	case !r.isReady(r.log.Length()):
		return "not-ready"
	case !r.isDirty(c):
		return ""
	}
	var n uint64
	var response rpc.Response
	var err error
	r.Outside(func() {
		response, err = r.call(r.chain.tail(), rpc.NewRequest("version", epoch, c.Key, nil), r.config.SuspectAfter)
	})
	if err != nil || response.Status != rpc.Done || response.Decode(&n) != nil || r.chain.epoch != epoch {
		return "not-ready"
	}
	r.commit(n)
	return ""
}

// dirty reports whether something may have changed what a command reads that is not known to be committed.
func (r *replica) dirty(c kv.Command) bool {
	return slices.ContainsFunc(r.log[r.committed:], func(e epochlog.Entry[kv.Command]) bool {
		return e.Command.Key == c.Key || e.Command.Name == ops.Txn || c.Name == ops.Txn
	})
}

// version says how much is committed, if this is the tail in an epoch.
func (r *replica) version(epoch uint64) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if why := r.atTail(kv.Command{}); why != "" || epoch != r.chain.epoch {
		return r.refuse("not-ready", "")
	}
	return rpc.Answer(epoch, fmt.Sprintf("commit %d", r.committed), r.committed)
}

// latest says why it is not known that no later epoch has begun before the read did. It asks the store of the configuration, once for all reads
// that wait for an answer.
func (r *replica) latest() string {
	r.asked++
	mine := r.asked
	r.Changed()
	r.Await(func() bool { return r.answered >= mine })
	if r.found == 0 || r.found != r.chain.epoch {
		return "not-confirmed"
	}
	return ""
}

// confirm asks what the latest epoch is whenever a read wants to know.
func (r *replica) confirm() {
	m := r.newMaster()
	r.Lock()
	defer r.Unlock()
	for {
		r.Await(func() bool { return r.asked > r.answered })
		if r.Dead() {
			return
		}
		mine, now, ok := r.asked, configuration{}, false
		r.Outside(func() { now, ok = m.current() })
		if r.answered, r.found = mine, 0; ok {
			r.found, r.later = now.epoch, max(r.later, now.epoch)
		}
		r.Changed()
	}
}
