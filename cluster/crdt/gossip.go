package crdt

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/rpc"
)

// change is a state of an object, or a delta, that is to be joined in.
type change struct {
	Key    string            `json:"key"`
	Object *datatypes.Object `json:"object"`
}

// gossip is the way of replicas that send each other states, or deltas: what a replica has and another may lack it sends it again and again, until that
// has it. In which order messages come, and how often, makes no difference.
type gossip struct {
	*replica
	owed owed
	disk chan struct{} // whoever has put something in has the disk
	sync func([]change) error
}

// owed is what a replica may have to tell the others. The caller holds mu of the replica.
type owed interface {
	// took notes that these were joined in.
	took(changes []change)
	// heard notes that a node has these.
	heard(changes []change, from string)
	// to is what a node may lack; it may be nothing. Afterwards the caller says whether the node has it.
	to(node string) (changes []change, told func(bool))
}

// patience is how long a node waits until another has synced what it was told.
const patience = 500 * time.Millisecond

// record is what is synced at once.
type record struct {
	Changes []change `json:"changes"`
}

// startGossip reads what is on the disk, and tells the others from then on.
func startGossip(r *replica, owed owed) (way, error) {
	file, stored, err := journal.Open[record](r.Process)
	if err != nil {
		return nil, err
	}
	g := &gossip{replica: r, owed: owed, disk: make(chan struct{}, 1), sync: func(all []change) error { return file.Add(record{all}) }}
	for _, s := range stored {
		for _, c := range s.Changes {
			if err := r.take(c); err != nil {
				return nil, fmt.Errorf("the journal: %w", err)
			}
		}
		owed.took(s.Changes)
	}
	for _, node := range r.Others() {
		r.Go(func() { g.tell(node) })
	}
	return g, nil
}

// change implements way.
func (g *gossip) change(key string, _ datatypes.Update, delta *datatypes.Object) bool {
	return g.admit([]change{{key, delta}})
}

// answer implements way.
func (g *gossip) answer(from string, q rpc.Request) rpc.Response {
	return rpc.With(q, func(m record) rpc.Response {
		if !g.admit(m.Changes) {
			return rpc.Unsure(0, "died")
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.owed.heard(m.Changes, from)
		return rpc.Answer(0, "", nil)
	})
}

// admit syncs what is new of some changes, and joins it in. If the disk fails nobody knows what is on it, and the process dies.
func (g *gossip) admit(changes []change) bool {
	select {
	case g.disk <- struct{}{}:
		defer func() { <-g.disk }()
	case <-g.Done():
		return false
	}
	fresh := g.fresh(changes)
	if len(fresh) == 0 {
		return true
	}
	if err := g.keep(g.sync, fresh); err != nil {
		g.Die(err.Error())
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range fresh {
		if err := g.take(c); err != nil {
			g.Die(err.Error())
			return false
		}
	}
	g.owed.took(fresh)
	return true
}

// fresh are the changes that follow from an update which is not here.
func (g *gossip) fresh(changes []change) []change {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(changes), func(c change) bool {
		o := g.objects[c.Key]
		return o != nil && o.Seen.Contains(c.Object.Seen)
	})
}

// tell sends a node what it may lack, now and then.
func (g *gossip) tell(node string) {
	draw := g.Rand("gossip with " + node)
	for g.Sleep(g.config.Gossip/2 + time.Duration(draw.Int64N(int64(g.config.Gossip)))) {
		g.mu.Lock()
		changes, told := g.owed.to(node)
		q := rpc.NewRequest("join", 0, summary(changes), record{changes})
		g.mu.Unlock()
		if len(changes) == 0 {
			continue
		}
		response, err := g.call(node, q, patience)
		g.mu.Lock()
		told(err == nil && response.Status == rpc.Done)
		g.mu.Unlock()
	}
}

// summary is what a trace shows of changes.
func summary(changes []change) string {
	if len(changes) == 1 {
		return changes[0].Key
	}
	return fmt.Sprintf("%d objects", len(changes))
}
