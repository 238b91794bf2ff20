package raftkv

import (
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/network"
	"faultline/cluster/raftnode/confirm"
)

// freshness is how far behind a node is at most: it asked at a time by its own clock, and the leader, confirmed
// after that, had committed this much. A node that has applied it has all that was acknowledged before it asked.
//
// A follower's last contact with a leader, which raft tells, is not enough: heartbeats carry no commit index, so
// that a node can hear of its leader every moment and be far behind; and a leader that is cut off from
// the others heartbeats for a while when another one leads.
type freshness struct {
	mu    sync.Mutex
	asked time.Time // by the node's clock; zero if it never asked
	index uint64
	round chan struct{} // closed when the question under way is answered; nil if none is

	conn connection // to the leader; of whoever asks
	to   string
}

// at returns the index to wait for if what the node knows is of the bound's age at most, by this clock.
func (f *freshness) at(now time.Time, bound time.Duration) (index uint64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.index, !f.asked.IsZero() && now.Sub(f.asked) <= bound
}

// readBounded serves from this node's state if all is in it that was acknowledged up to a bound ago, by this
// node's clock. That is looked at when the value was read, as the wait for the state machine takes its time.
func (s *server) readBounded(r *request) (result, error) {
	index, ok := s.fresh.at(s.now(), s.config.Bound)
	if !ok {
		s.refresh()
		if index, ok = s.fresh.at(s.now(), s.config.Bound); !ok {
			return result{}, errNotFresh
		}
	}
	found, err := s.readAt(r, index)
	if err != nil {
		return result{}, err
	}
	if _, ok := s.fresh.at(s.now(), s.config.Bound); !ok {
		return result{}, errNotFresh
	}
	return found, nil
}

// refresh asks the leader, or waits for the answer to whoever is asking already.
func (s *server) refresh() {
	f := &s.fresh
	f.mu.Lock()
	if round := f.round; round != nil {
		f.mu.Unlock()
		<-round
		return
	}
	round := make(chan struct{})
	f.round = round
	f.mu.Unlock()

	asked := s.now()
	index, err := s.askLeader()

	f.mu.Lock()
	if err == nil {
		f.asked, f.index = asked, index
	}
	f.round = nil
	f.mu.Unlock()
	close(round)
}

// askLeader returns an index that covers all that was acknowledged before the call.
func (s *server) askLeader() (uint64, error) {
	_, id := s.Raft.LeaderWithID()
	leader := string(id)
	switch leader {
	case "":
		return 0, raft.ErrNotLeader
	case s.host.Name():
		return s.confirmedIndex(s.confirmOnly)
	}
	f := &s.fresh
	if f.to != leader {
		f.conn.Close()
		f.to = leader
	}
	return askIndex(&f.conn, s.host, leader)
}

// askIndex asks a leader what it has committed, for as long as that may take it to be confirmed.
func askIndex(c *connection, host *network.Host, leader string) (uint64, error) {
	answer, err := c.call(host, leader, &request{Command: command{Op: opIndex}}, confirm.Wait)
	if err != nil {
		return 0, err
	}
	if answer.Code != codeOK {
		return 0, errNotFresh
	}
	return answer.Result.Index, nil
}
