package raftkv

import (
	"net"
	"slices"
	"sync"
	"time"

	"faultline/cluster/raftnode/confirm"
)

// lease is what lets a leader serve reads by itself for a while: a majority has promised that until then it
// has no other leader. It is section 6.4.1 of Ongaro's thesis (2014), with questions of our own for heartbeats.
//
// Whoever promises relies on raft, which votes for nobody else while it has heard from its leader within the
// heartbeat time-out; and on it alone, so that a leader's lease is not to be had from a node that raft's own
// messages no longer reach. The time-outs of raft count on the world's time. The leader counts on its own clock,
// from before it asked. So the promise is longer than the lease by a margin for drift: a clock may be slow by a
// sixth. One that is set back makes the lease last too long, and then the level does not keep what it claims.
//
// What is not asked: raft's own leader lease, which ends with half the heartbeat time-out without answers. It
// would hide that. That the node has stepped down does not end a lease either; that it has voted in a later term does.
type lease struct {
	mu     sync.Mutex
	term   uint64
	voters []string
	until  time.Time // by the node's own clock

	// given is the last term in which this node has begun to hand leadership over. The successor does not wait
	// for any time-out, and who votes for it breaks the promise. So there is no lease in the rest of that term: it
	// is not known whether a hand-over that seems to have failed has been on its way only.
	given uint64
}

// promise is for how long a voter has to promise what a lease of this length needs.
func promise(lease time.Duration) time.Duration { return lease + lease/5 }

// renew notes that a round was confirmed, with promises.
func (l *lease) renew(r *confirm.Round, length time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Term != l.given {
		l.term, l.voters, l.until = r.Term, r.Voters, r.Asked.Add(length)
	}
}

// holds reports whether there is a lease for a term, for a majority of the same voters: while they change, the
// majority that promised may be none any more.
func (l *lease) holds(now time.Time, term uint64, voters []string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now.Before(l.until) && term == l.term && slices.Equal(voters, l.voters)
}

// surrender ends the lease, before leadership is handed over.
func (l *lease) surrender(term uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given, l.until = term, time.Time{}
}

// available reports whether a lease can be had in a term.
func (l *lease) available(term uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.given != term
}

// readLease reads first and then looks whether the lease still holds: the read took effect while it did, however
// late the answer is. The other way round a node that is stopped in between would read after the lease. Without
// a lease it is a readIndex that asks for one. Writes need no wait: those acknowledged in this term, or before
// it by the command that made this leader ready, are applied here.
func (s *server) readLease(r *request) (result, error) {
	found := s.machine.read(&r.Command)
	if s.lease.holds(s.now(), s.Raft.CurrentTerm(), s.Voters()) {
		return found, nil
	}
	length := s.config.Lease
	index, err := s.confirmedIndex(func(term uint64) *confirm.Round {
		if !s.lease.available(term) {
			return s.confirm.Put(confirm.Question{Term: term})
		}
		round := s.confirm.Put(confirm.Question{Term: term, Promise: promise(length)})
		if round.OK {
			s.lease.renew(round, length)
		}
		return round
	})
	if err != nil {
		return result{}, err
	}
	return s.readAt(r, index)
}

// promises reports whether this node certainly has no other leader for a while than the one of a term. The
// contact is looked at first: while the term has not changed after that, raft has kept to the leader, and will.
func (s *server) promises(term uint64, d time.Duration) bool {
	heard := time.Since(s.Raft.LastContact())
	leader, _ := s.Raft.LeaderWithID()
	return heard+d <= s.config.Raft.HeartbeatTimeout && leader != "" && s.Raft.CurrentTerm() == term
}

// silent is the listener of a node that may have promised something before it was killed, and does not know
// what: it hears nothing, and so votes for nobody, until that is over. Its own election time-out is longer.
//
// Without it: n1 leads n1 to n5, by a lease from n2 and n3, and n4 and n5 are cut off from it. n3 crashes, starts
// again at once, knows of no leader, and votes for n4.
type silent struct {
	net.Listener
	hears  chan struct{} // closed when the promise is over
	closed chan struct{}
	close  func()
}

func newSilent(l net.Listener, d time.Duration) *silent {
	s := &silent{Listener: l, hears: make(chan struct{}), closed: make(chan struct{})}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	time.AfterFunc(d, func() { close(s.hears) })
	return s
}

// Accept waits until the promise is over.
func (s *silent) Accept() (net.Conn, error) {
	select {
	case <-s.hears:
	case <-s.closed:
	}
	return s.Listener.Accept()
}

// Close ends the wait too.
func (s *silent) Close() error {
	s.close()
	return s.Listener.Close()
}
