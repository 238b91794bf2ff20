package raftkv

import (
	"errors"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/raftnode/confirm"
)

// Level is how a read is served. It is a mode of this kind of system.
type Level struct {
	cluster.Mode

	// read serves a read; nil means by way of the log.
	read func(*server, *request) (result, error)
	// anywhere means that any node may serve it.
	anywhere bool
	// session means that clients say what they have seen.
	session bool
	// promising means that nodes promise to keep to their leader for a while, and keep that when they start again.
	promising bool
}

// DefaultLevel is the read level of a spec that names none.
const DefaultLevel = "readindex"

// levels are the read levels, the strongest first.
var levels = []Level{
	{Mode: raftnode.LogMode},
	{Mode: cluster.Mode{Name: "readindex",
		Claims:    "linearizable",
		Model:     "linearizable",
		Doc:       "the leader, once a majority has confirmed it after the read began",
		Resembles: "etcd's default, rqlite's linearizable",
		Way:       "a round trip to a majority",
		Keeps:     []string{"linearizable", "eventual"}},
		read: (*server).readIndex},
	{Mode: raftnode.VerifyMode, read: (*server).readVerify},
	{Mode: cluster.Mode{Name: "lease",
		Claims:    "linearizable while clocks are right",
		Model:     "linearizable",
		Unless:    "the leader's clock is set back, or far too slow",
		BrokenBy:  []string{"clock"},
		Doc:       "the leader, by itself while its lease lasts by its own clock",
		Resembles: "TiKV's and YugabyteDB's lease reads, etcd's ReadOnlyLeaseBased",
		Way:       "nothing; a round trip to a majority when the lease is over",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		read: (*server).readLease, promising: true},
	{Mode: raftnode.LeaderMode, read: (*server).readLeader},
	{Mode: cluster.Mode{Name: "session",
		Claims:    "sequential, with the guarantees of a session for each client",
		Model:     "sequential",
		Doc:       "any node that has applied what this client has seen",
		Resembles: "ZooKeeper's reads, Cosmos DB's session, MongoDB's causal sessions",
		Way:       "nothing; until the node has applied what the client has seen, if it is behind",
		Keeps:     []string{"sequential", "eventual"}},
		read: (*server).readSession, anywhere: true, session: true},
	{Mode: cluster.Mode{Name: "bounded",
		Claims:    "at most a second old while clocks are right",
		Model:     "bounded-staleness",
		Unless:    "clocks differ",
		BrokenBy:  []string{"clock"},
		Doc:       "any node that has applied everything acknowledged up to a bound ago, by its own clock",
		Resembles: "Cosmos DB's bounded staleness, Consul's max_stale, rqlite's freshness",
		Way:       "nothing; a round trip to the leader and a majority when it has not asked for so long",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		read: (*server).readBounded, anywhere: true},
	{Mode: raftnode.StaleMode, read: (*server).readStale, anywhere: true},
}

func levelByName(name string) (Level, bool) {
	for _, l := range levels {
		if l.Name == name {
			return l, true
		}
	}
	return Level{}, false
}

var (
	errNotApplied = errors.New("state machine is behind")
	errNotFresh   = errors.New("not known how far the node is behind")
)

// applyWait is how long a read waits for the state machine. The client has its own time-out.
const applyWait = 500 * time.Millisecond

// readIndex is section 6.4 of Ongaro's thesis (2014). The order of the steps is the proof:
//
//  1. this leader has committed an entry of its term, so its commit index covers all that earlier
//     leaders had acknowledged;
//  2. it notes the commit index, which now covers all writes acknowledged before the read began;
//  3. a majority says, to a question asked after that, that it knows of no later term: no later leader
//     can have acknowledged anything before the question;
//  4. it waits until that index is applied, and reads.
//
// The question is our own and not raft's VerifyLeader, which also takes answers to messages sent before
// it was called as confirmation. After a pause of the leader such answers are waiting for it while a new
// leader has acknowledged writes, and the old leader would serve a stale read.
func (s *server) readIndex(r *request) (result, error) {
	index, err := s.confirmedIndex(s.confirmOnly)
	if err != nil {
		return result{}, err
	}
	return s.readAt(r, index)
}

// confirmedIndex is steps 1 to 3: an index that covers all that was acknowledged before the call.
func (s *server) confirmedIndex(ask func(term uint64) *confirm.Round) (uint64, error) {
	term, err := s.Leads()
	if err != nil {
		return 0, err
	}
	index := s.Raft.CommitIndex()
	if !ask(term).OK {
		return 0, raftnode.ErrNotConfirmed
	}
	return index, nil
}

func (s *server) confirmOnly(term uint64) *confirm.Round {
	return s.confirm.Put(confirm.Question{Term: term})
}

// readAt reads once an index that is committed is applied.
func (s *server) readAt(r *request, index uint64) (result, error) {
	if err := s.awaitApplied(index); err != nil {
		return result{}, err
	}
	return s.machine.read(&r.Command), nil
}

// awaitApplied waits for an index that is committed. Entries that the machine never sees (a new
// leader's empty entry) come before the noop command of the same term, so there is none at the end.
func (s *server) awaitApplied(index uint64) error {
	done := s.machine.reached(index)
	if done == nil {
		return nil
	}
	timeout := time.NewTimer(applyWait)
	defer timeout.Stop()
	select {
	case <-done:
		return nil
	case <-timeout.C:
		return errNotApplied
	}
}

// readVerify leaves it to raft to confirm the leader, which is less than readIndex does: see Node.Verify.
func (s *server) readVerify(r *request) (result, error) {
	if err := s.Verify(); err != nil {
		return result{}, err
	}
	return s.machine.read(&r.Command), nil
}

func (s *server) readLeader(r *request) (result, error) {
	if s.Raft.State() != raft.Leader {
		return result{}, raft.ErrNotLeader
	}
	return s.machine.read(&r.Command), nil
}

// readSession waits for what the client has seen, be it at another node.
func (s *server) readSession(r *request) (result, error) { return s.readAt(r, r.Seen) }

func (s *server) readStale(r *request) (result, error) { return s.machine.read(&r.Command), nil }
