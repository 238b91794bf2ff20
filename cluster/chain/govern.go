package chain

import (
	"fmt"
	"strings"

	"faultline/cluster/sim"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// The roles of a node, besides that of the head, who leads: it takes writes. It is the tail, too, if it is alone.
const middle, tail, spare = "middle", "tail", "spare"

// watch lets time pass for whoever waits.
func (r *replica) watch() {
	for r.Sleep(r.config.Heartbeat) {
		r.Lock()
		r.Beat()
		r.Unlock()
	}
}

// askEach is after how many heartbeats a node asks for the configuration that has no reason to.
const askEach = 5

// govern learns of changes of the configuration, and makes those that are due.
func (r *replica) govern() {
	m := r.newMaster()
	for r.Sleep(r.config.Heartbeat) {
		if !r.concerned() {
			continue
		}
		now, ok := m.current()
		if !ok {
			continue
		}
		r.adopt(now)
		if next, due := r.due(now); due && m.change(now, next) {
			r.announce(next)
			r.adopt(next)
		}
	}
}

// concerned reports whether there is a reason to ask for the configuration.
func (r *replica) concerned() bool {
	r.Lock()
	defer r.Unlock()
	return r.role == spare || r.suspected() != "" || r.later > r.chain.epoch || r.Beats()%askEach == 0
}

// suspected is a neighbour in the chain that may have failed; empty for none.
func (r *replica) suspected() string {
	for _, node := range []string{r.chain.after(r.Node()), r.chain.before(r.Node())} {
		if node != "" && r.Suspects(node) {
			return node
		}
	}
	return ""
}

// due is the change that this node has to make to a configuration. One that lacks what was committed in earlier epochs removes nobody.
func (r *replica) due(now configuration) (next configuration, due bool) {
	r.Lock()
	defer r.Unlock()
	suspect := r.suspected()
	switch {
	case now.epoch != r.chain.epoch:
		return next, false
	case r.role == spare:
		return now.with(r.Node()), r.fit(now)
	case suspect != "" && r.isReady(r.log.Length()):
		return now.without(suspect), true
	default:
		return next, false
	}
}

// caughtUp reports whether the first n entries have all that was committed before: the one by which the epoch began; and if the node
// has started again meanwhile, what it had then and may have committed as the tail.
func (r *replica) caughtUp(n uint64) bool { return r.log.At(n).Epoch == r.chain.epoch && n >= r.held }

// fit reports whether a node can take part: its disk takes a record, and it reaches the tail.
func (r *replica) fit(now configuration) (fits bool) {
	r.Own()
	r.store(record{Keep: r.log.Length()})
	r.Disown()
	r.Outside(func() {
		response, err := r.call(now.tail(), rpc.NewRequest("version", now.epoch, "", nil), r.config.SuspectAfter)
		fits = err == nil && response.Term == now.epoch
	})
	return fits && now.epoch == r.chain.epoch
}

// announce tells the others of a configuration that is decided, which they would ask for sooner or later.
func (r *replica) announce(c configuration) {
	for _, node := range r.Others() {
		r.Go(func() {
			_, _ = r.call(node, rpc.NewRequest("configuration", c.epoch, c.String(), c.text()), r.config.SuspectAfter)
		})
	}
}

// adopt enters the epoch of a configuration that is decided, unless it is in a later one. What was begun in the earlier one is over.
func (r *replica) adopt(c configuration) {
	r.Lock()
	defer r.Unlock()
	r.Own()
	defer r.Disown()
	if c.epoch <= r.chain.epoch || r.Dead() {
		return
	}
	r.Agree("one chain an epoch", fmt.Sprintf("the chain of epoch %d", c.epoch), strings.Join(c.nodes, " "))
	r.chain, r.sure, r.role = c, 0, roleIn(c, r.Node())
	r.HearAll()
	r.Became(r.role, c.epoch)
	if r.role == sim.Leader {
		r.store(r.append(epochlog.Entry[kv.Command]{Epoch: c.epoch}))
		r.certain(r.log.Length())
	}
	r.Changed()
	if next := c.after(r.Node()); next != "" {
		r.Go(func() { r.pass(next, c.epoch) })
	}
	if previous := c.before(r.Node()); previous != "" {
		r.Go(func() { r.report(previous, c.epoch) })
	}
}

// configured takes a configuration that another node has decided.
func (r *replica) configured(text string) rpc.Response {
	c, err := parse(text)
	if err != nil {
		return rpc.Refuse(0, err.Error(), "")
	}
	r.adopt(c)
	return rpc.Answer(c.epoch, "", nil)
}

func roleIn(c configuration, node string) string {
	switch {
	case !c.has(node):
		return spare
	case c.head() == node:
		return sim.Leader
	case c.tail() == node:
		return tail
	default:
		return middle
	}
}
