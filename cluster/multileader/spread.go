package multileader

import (
	"fmt"

	"faultline/cluster/logical"
	"faultline/cluster/sim/rpc"
)

// news is what a node tells a neighbour.
type news struct {
	Updates []update `json:"updates,omitempty"`
}

// known is the answer: which updates the neighbour has then.
type known struct {
	Has logical.Vector `json:"has"`
}

// batch is how many updates a message has at most.
const batch = 64

// tell tells a neighbour of updates that it lacks, as soon as there are any. At first it asks what the neighbour has.
func (l *leader) tell(neighbour string) {
	l.Lock()
	defer l.Unlock()
	for !l.Dead() {
		has, asked := l.told[neighbour]
		l.Await(func() bool { return !asked || len(l.lackedBy(neighbour)) > 0 })
		updates := l.lackedBy(neighbour)
		var k known
		l.Outside(func() {
			response, err := l.call(neighbour, rpc.NewRequest("news", 0, fmt.Sprint(updates), news{updates}), l.config.Patience)
			if err == nil && response.Decode(&k) == nil {
				has, asked = k.Has, true
			}
			l.Sleep(l.config.Lag)
		})
		if asked {
			l.told[neighbour] = has
		}
	}
}

// lackedBy are updates that a neighbour lacks, in the order in which this node has got to know them. In a full mesh each node tells of its own
// only. The caller has the lock.
func (l *leader) lackedBy(neighbour string) (updates []update) {
	has, lacks := l.told[neighbour], func(u update) bool {
		return !l.told[neighbour].Includes(u.ID) && (l.config.Topology != mesh || u.ID.Node == l.Node())
	}
	if has == nil {
		return nil
	}
	for l.passed[neighbour] < len(l.log) && !lacks(l.log[l.passed[neighbour]]) {
		l.passed[neighbour]++
	}
	for _, u := range l.log[l.passed[neighbour]:] {
		if lacks(u) && len(updates) < batch {
			updates = append(updates, u)
		}
	}
	return updates
}

// learn takes updates that are new here, and answers what is here then. One that comes too early comes again.
func (l *leader) learn(n news) rpc.Response {
	l.Lock()
	defer l.Unlock()
	l.Own()
	defer l.Disown()
	for _, u := range n.Updates {
		if u.ID.N == l.has[u.ID.Node]+1 && l.ready(u) {
			l.store(u)
		}
	}
	return rpc.Answer(0, l.has.String(), known{l.has.Clone()})
}

// isReady reports whether all updates are here that an update can depend on.
func (l *leader) isReady(u update) bool {
	order := u.After.Compare(l.has)
	return !l.mode.causal || order == logical.Before || order == logical.Equal
}

// hasMet reports whether a client of this session can be served: whether all is here that it has seen.
func (l *leader) hasMet(session logical.Vector) bool {
	order := session.Compare(l.has)
	return order == logical.Before || order == logical.Equal
}
