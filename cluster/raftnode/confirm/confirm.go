// Package confirm lets a leader of raft find out whether it still is one: a majority of the voters says, to a question asked now,
// that it knows of no later term. What the leader has committed by then covers all that was acknowledged before the question
// (Ongaro 2014, 6.4).
//
// The caller provides the way to put a question to another node, whose answer is that node's own term and promise.
package confirm

import (
	"slices"
	"sync"
	"time"
)

// Confirmer asks the other voters whether a leader's term is still the latest they know of. Reads that
// come while a round of questions is under way share the next one: its questions are asked after they
// began.
type Confirmer struct {
	// Quorum is how many of the voters, this node included if it is one, must agree.
	Quorum func(voters int) int

	standing Standing
	peers    []*peer

	mu      sync.Mutex
	running *Round
	next    *Round
}

// Standing is what a node knows of itself.
type Standing struct {
	Name        string
	CurrentTerm func() uint64
	// Voters are those of the latest configuration in this node's log, committed or not.
	Voters func() []string
	Now    func() time.Time // by the node's own clock
}

// Peer is another node, as a Confirmer reaches it. It is asked one question at a time.
type Peer struct {
	Name string
	// Ask puts a question to the node. It returns within Wait, with false if there is no answer.
	Ask   func(Question) bool
	Close func() // called when no more is asked
}

// Question is what is asked: do you know of no later term, and, with a promise, will you have no other leader
// for so long?
type Question struct {
	Term    uint64
	Promise time.Duration
}

// Round is one question to all voters.
type Round struct {
	Question
	Asked  time.Time // by this node's clock, before the first of them was asked
	Voters []string  // as of then
	OK     bool      // a majority agrees

	yes     int
	done    chan struct{}
	expires *time.Timer
}

// Wait is how long a round waits for its majority.
const Wait = 300 * time.Millisecond

// New returns a confirmer that asks these nodes, as far as they are voters. Start it before it is asked.
func New(others []Peer, s Standing) *Confirmer {
	c := &Confirmer{standing: s, Quorum: majorityOf}
	for _, p := range others {
		c.peers = append(c.peers, &peer{Peer: p, ask: make(chan *Round, 1), confirmer: c})
	}
	return c
}

// Start runs the peers' connections until stop is closed.
func (c *Confirmer) Start(stop <-chan struct{}, group *sync.WaitGroup) {
	for _, p := range c.peers {
		group.Go(func() { p.run(stop) })
	}
}

// Majority reports whether a majority, this node included, says to a question asked from now on that it
// knows of no term later than the given one.
func (c *Confirmer) Majority(term uint64) bool { return c.Put(Question{Term: term}).OK }

// Put asks a question from now on, and returns its round when it is done.
func (c *Confirmer) Put(q Question) *Round {
	c.mu.Lock()
	r := c.join(q)
	c.mu.Unlock()
	<-r.done
	return r
}

// join returns the round that a read which begins now may rely on.
func (c *Confirmer) join(q Question) *Round {
	if c.running == nil {
		r := newRound(q)
		c.launch(r) // without other voters it is settled at once
		return r
	}
	if c.next == nil || c.next.Question != q {
		if c.next != nil { // its reads began in another term
			c.next.finish(false)
		}
		c.next = newRound(q)
	}
	return c.next
}

func newRound(q Question) *Round { return &Round{Question: q, done: make(chan struct{})} }

// launch asks the voters of the latest configuration in this node's log, as it is now that the questions
// are asked. Let this node lead in term T, and let the first election of a later term be over before that.
// A leader elected then had no configuration from a later term in its log, and so one that this node
// has appended: the latest, or the one before that if the latest is not committed, since raft begins no
// change before the one before it is committed. The two differ by one voter, so that a majority of the
// latest has a node in common with those who voted, and that node says no.
//
// Any older list will not do, such as all nodes that there ever were: n4 and n5 have been removed, and n2
// and n3 elect n2. Nobody tells n4 and n5. With the old leader n1 they are three of five.
//
// A leader that is being removed leads until that is committed, and is not in the latest configuration. It
// has no vote then.
func (c *Confirmer) launch(r *Round) {
	c.running = r
	r.Voters = c.standing.Voters()
	if r.Promise > 0 {
		r.Asked = c.standing.Now()
	}
	if len(r.Voters) == 1 && c.count(r) {
		return // nobody else is to be asked
	}
	r.expires = time.AfterFunc(Wait, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.settle(r, false)
	})
	for _, p := range c.peers {
		if slices.Contains(r.Voters, p.Name) {
			p.put(r)
		}
	}
}

// vote counts a peer's answer to a round.
func (c *Confirmer) vote(r *Round, yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if yes {
		r.yes++
	}
	c.count(r)
}

// count settles a round that has its majority, and reports whether it has.
func (c *Confirmer) count(r *Round) bool {
	yes := r.yes
	if slices.Contains(r.Voters, c.standing.Name) {
		yes++
	}
	if yes < c.Quorum(len(r.Voters)) {
		return false
	}
	c.settle(r, c.standing.CurrentTerm() <= r.Term) // this node's own vote comes last, so that it is fresh too
	return true
}

func majorityOf(voters int) int { return voters/2 + 1 }

// settle ends the running round and launches the next.
func (c *Confirmer) settle(r *Round, ok bool) {
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

func (r *Round) finish(ok bool) {
	r.OK = ok
	close(r.done)
}

// peer asks another node one question at a time.
type peer struct {
	Peer
	confirmer *Confirmer
	ask       chan *Round
}

// put makes r the next question, in place of one that was not asked yet.
func (p *peer) put(r *Round) {
	select {
	case <-p.ask:
	default:
	}
	p.ask <- r
}

func (p *peer) run(stop <-chan struct{}) {
	defer p.Close()
	for {
		select {
		case r := <-p.ask:
			p.confirmer.vote(r, p.Ask(r.Question))
		case <-stop:
			return
		}
	}
}
