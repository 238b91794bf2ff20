package raftkv

import (
	"errors"
	"time"

	"github.com/hashicorp/raft"
)

// Level is how a read is served.
type Level struct {
	Name   string
	Claims string // the strongest model it is meant to keep
	Doc    string

	// read serves a read; nil means by way of the log.
	read func(*server, string) (result, error)
	// anywhere means that any node may serve it.
	anywhere bool
}

// Levels returns the read levels, the strongest first.
func Levels() []Level { return levels }

// DefaultLevel is the read level of a spec that names none.
const DefaultLevel = "readindex"

// LevelNames returns the names of all levels.
func LevelNames() []string {
	var names []string
	for _, l := range levels {
		names = append(names, l.Name)
	}
	return names
}

var levels = []Level{
	{Name: "log", Claims: "linearizable", Doc: "a read is an entry in the log"},
	{Name: "readindex", Claims: "linearizable", Doc: "the leader, once a majority has confirmed it after the read began", read: (*server).readIndex},
	{Name: "leader", Claims: "sequential per leader", Doc: "whoever believes that it leads (Consul's default)", read: (*server).readLeader},
	{Name: "stale", Claims: "eventual", Doc: "any node, at once", read: (*server).readStale, anywhere: true},
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
	errNotReady     = errors.New("leader has not committed in its term")
	errNotConfirmed = errors.New("leadership not confirmed")
	errNotApplied   = errors.New("state machine is behind")
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
// it was called as confirmation: after a pause of the leader such answers wait at its door, a new leader
// has acknowledged writes, and the old one would serve a stale read.
func (s *server) readIndex(key string) (result, error) {
	term := s.ready.Load()
	if s.raft.State() != raft.Leader {
		return result{}, raft.ErrNotLeader
	}
	if term == 0 || term != s.raft.CurrentTerm() {
		return result{}, errNotReady
	}
	index := s.raft.CommitIndex()
	if !s.confirm.majority(term) {
		return result{}, errNotConfirmed
	}
	if err := s.awaitApplied(index); err != nil {
		return result{}, err
	}
	return s.machine.read(key), nil
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

func (s *server) readLeader(key string) (result, error) {
	if s.raft.State() != raft.Leader {
		return result{}, raft.ErrNotLeader
	}
	return s.machine.read(key), nil
}

func (s *server) readStale(key string) (result, error) { return s.machine.read(key), nil }
