package raftkv

import (
	"sync"
	"time"

	"faultline/cluster/network"
)

// confirmer asks the other nodes whether a leader's term is still the latest they know of. Reads that
// come while a round of questions is under way share the next one: its questions are asked after they
// began.
type confirmer struct {
	peers       []*peer
	currentTerm func() uint64
	quorum      int // how many nodes, this one included, must agree

	mu      sync.Mutex
	running *round
	next    *round
}

// round is one question to all peers.
type round struct {
	term    uint64
	yes     int
	done    chan struct{}
	ok      bool // valid once done is closed
	expires *time.Timer
}

// confirmWait is how long a round waits for its majority.
const confirmWait = 300 * time.Millisecond

func newConfirmer(host *network.Host, others []string, currentTerm func() uint64) *confirmer {
	c := &confirmer{currentTerm: currentTerm, quorum: (len(others)+1)/2 + 1}
	for _, name := range others {
		c.peers = append(c.peers, &peer{host: host, addr: name + kvPort, ask: make(chan *round, 1), confirmer: c})
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
func (c *confirmer) majority(term uint64) bool {
	c.mu.Lock()
	r := c.join(term)
	c.mu.Unlock()
	<-r.done
	return r.ok
}

// join returns the round that a read which begins now may rely on.
func (c *confirmer) join(term uint64) *round {
	if c.running == nil {
		r := newRound(term)
		c.launch(r) // without peers it is settled at once
		return r
	}
	if c.next == nil || c.next.term != term {
		if c.next != nil { // its reads began in another term
			c.next.finish(false)
		}
		c.next = newRound(term)
	}
	return c.next
}

func newRound(term uint64) *round { return &round{term: term, done: make(chan struct{})} }

func (c *confirmer) launch(r *round) {
	c.running = r
	if len(c.peers) == 0 {
		c.settle(r, c.currentTerm() <= r.term)
		return
	}
	r.expires = time.AfterFunc(confirmWait, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.settle(r, false)
	})
	for _, p := range c.peers {
		p.put(r)
	}
}

// vote counts a peer's answer to a round.
func (c *confirmer) vote(r *round, yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if yes {
		r.yes++
	}
	if r.yes+1 >= c.quorum {
		c.settle(r, c.currentTerm() <= r.term) // this node's own vote comes last, so that it is fresh too
	}
}

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
	defer p.conn.close()
	for {
		select {
		case r := <-p.ask:
			p.confirmer.vote(r, p.question(r.term))
		case <-stop:
			return
		}
	}
}

func (p *peer) question(term uint64) bool {
	response, err := p.conn.call(p.host, p.addr, &request{Term: term}, confirmWait)
	return err == nil && response.Code == codeOK
}
