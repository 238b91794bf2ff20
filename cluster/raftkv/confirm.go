package raftkv

import (
	"slices"
	"sync"
	"time"

	"faultline/cluster/network"
)

// confirmer asks the other voters whether a leader's term is still the latest they know of. Reads that
// come while a round of questions is under way share the next one: its questions are asked after they
// began.
type confirmer struct {
	standing
	peers []*peer
	// quorum is how many of the voters, this node included if it is one, must agree.
	quorum func(voters int) int

	mu      sync.Mutex
	running *round
	next    *round
}

// standing is what a node knows of itself.
type standing struct {
	name        string
	currentTerm func() uint64
	// voters are those of the latest configuration in this node's log, committed or not.
	voters func() []string
	now    func() time.Time // by the node's own clock
}

// question is what is asked: do you know of no later term, and, with a promise, will you have no other leader
// for so long?
type question struct {
	term    uint64
	promise time.Duration
}

// round is one question to all voters.
type round struct {
	question
	asked   time.Time // by this node's clock, before the first of them was asked; valid once done is closed
	voters  []string  // as of then; valid once it is launched
	yes     int
	done    chan struct{}
	ok      bool // valid once done is closed
	expires *time.Timer
}

// confirmWait is how long a round waits for its majority.
const confirmWait = 300 * time.Millisecond

func newConfirmer(host *network.Host, others []string, s standing) *confirmer {
	c := &confirmer{standing: s, quorum: majorityOf}
	for _, name := range others {
		c.peers = append(c.peers, &peer{name: name, host: host, addr: name + ":" + kvPort, ask: make(chan *round, 1), confirmer: c})
	}
	return c
}

// start runs the peers' connections until stop is closed.
func (c *confirmer) start(stop <-chan struct{}, group *sync.WaitGroup) {
	for _, p := range c.peers {
		group.Go(func() { p.run(stop) })
	}
}

// majority reports whether a majority, this node included, says to a question asked from now on that it
// knows of no term later than the given one.
func (c *confirmer) majority(term uint64) bool { return c.put(question{term: term}).ok }

// put asks a question from now on, and returns its round when it is done.
func (c *confirmer) put(q question) *round {
	c.mu.Lock()
	r := c.join(q)
	c.mu.Unlock()
	<-r.done
	return r
}

// join returns the round that a read which begins now may rely on.
func (c *confirmer) join(q question) *round {
	if c.running == nil {
		r := newRound(q)
		c.launch(r) // without other voters it is settled at once
		return r
	}
	if c.next == nil || c.next.question != q {
		if c.next != nil { // its reads began in another term
			c.next.finish(false)
		}
		c.next = newRound(q)
	}
	return c.next
}

func newRound(q question) *round { return &round{question: q, done: make(chan struct{})} }

// launch asks the voters of the latest configuration in this node's log, as it is now that the questions
// are asked. Let this node lead in term T, and let the first election of a later term be over before that.
// Who was elected then had no configuration from a later term in its log, and so one that this node
// has appended: the latest, or the one before that if the latest is not committed, since raft begins no
// change before the one before it is committed. The two differ by one voter, so that a majority of the
// latest has a node in common with those who voted, and that node says no.
//
// Any older list will not do, such as all nodes that there ever were: n4 and n5 have been removed, and n2
// and n3 elect n2. Nobody tells n4 and n5. With the old leader n1 they are three of five.
//
// A leader that is being removed leads until that is committed, and is not in the latest configuration. It
// has no vote then.
func (c *confirmer) launch(r *round) {
	c.running = r
	r.voters = c.voters()
	if r.promise > 0 {
		r.asked = c.now()
	}
	if len(r.voters) == 1 && c.count(r) {
		return // nobody else is to be asked
	}
	r.expires = time.AfterFunc(confirmWait, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.settle(r, false)
	})
	for _, p := range c.peers {
		if slices.Contains(r.voters, p.name) {
			p.put(r)
		}
	}
}

// vote counts a peer's answer to a round.
func (c *confirmer) vote(r *round, yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if yes {
		r.yes++
	}
	c.count(r)
}

// count settles a round that has its majority, and reports whether it has.
func (c *confirmer) count(r *round) bool {
	yes := r.yes
	if slices.Contains(r.voters, c.name) {
		yes++
	}
	if yes < c.quorum(len(r.voters)) {
		return false
	}
	c.settle(r, c.currentTerm() <= r.term) // this node's own vote comes last, so that it is fresh too
	return true
}

func majorityOf(voters int) int { return voters/2 + 1 }

// settle ends the running round and launches the next.
func (c *confirmer) settle(r *round, ok bool) {
	if c.running != r {
		return
	}
	if r.expires != nil {
		r.expires.Stop()
	}
	r.finish(ok)
	c.running = nil
	if next := c.next; next != nil {
		c.next = nil
		c.launch(next)
	}
}

func (r *round) finish(ok bool) {
	r.ok = ok
	close(r.done)
}

// peer keeps a connection to another node and asks one question at a time.
type peer struct {
	name      string
	confirmer *confirmer
	host      *network.Host
	addr      string
	ask       chan *round
	conn      connection
}

// put makes r the next question, in place of one that was not asked yet.
func (p *peer) put(r *round) {
	select {
	case <-p.ask:
	default:
	}
	p.ask <- r
}

func (p *peer) run(stop <-chan struct{}) {
	defer p.conn.Close()
	for {
		select {
		case r := <-p.ask:
			p.confirmer.vote(r, p.question(r.question))
		case <-stop:
			return
		}
	}
}

func (p *peer) question(q question) bool {
	response, err := p.conn.call(p.host, p.addr, &request{Term: q.term, Promise: q.promise}, confirmWait)
	return err == nil && response.Code == codeOK
}
