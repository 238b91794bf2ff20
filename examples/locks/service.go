// Package locks tests a lock service: a state machine written for hashicorp/raft, which knows nothing of Faultline (service.go), made
// a kind of system (kind.go), with clients that take and give back locks (workload.go) and a checker of what they were
// promised (fencing.go).
package locks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"

	"github.com/hashicorp/raft"
)

// Command is an entry of the log.
type Command struct {
	Op    string `json:"op"` // acquire, release or holder
	Lock  string `json:"lock"`
	Owner int64  `json:"owner"`
}

// Answer is what Apply returns.
type Answer struct {
	Number int64 // the token of an acquire, larger than that of every earlier one; the owner that a holder asked for, 0 if there is none
	Err    error
}

// Reasons for which a command does nothing.
var (
	ErrHeld      = errors.New("held")
	ErrNotHolder = errors.New("not-holder")
)

// Service is the replicated state: the holder of each lock. A holder gets a token that grows, so that whatever the lock protects
// can refuse a former holder who has not heard that he is one.
type Service struct {
	// ForgetToken is a bug for the test to find: a snapshot without the last token, as a field is left out that encoding/json
	// cannot see.
	ForgetToken bool

	mu    sync.Mutex
	state state
}

type state struct {
	Holders map[string]int64 `json:"holders"` // the owner, by lock
	Token   int64            `json:"token"`   // the last that was given
}

// NewService returns a service without locks.
func NewService() *Service { return &Service{state: state{Holders: map[string]int64{}}} }

// Apply implements raft.FSM.
func (s *Service) Apply(entry *raft.Log) any {
	var c Command
	if err := json.Unmarshal(entry.Data, &c); err != nil {
		return Answer{Err: err}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	holder, held := s.state.Holders[c.Lock]
	switch {
	case c.Op == "holder":
		return Answer{Number: holder}
	case c.Op == "acquire" && held:
		return Answer{Err: ErrHeld}
	case c.Op == "acquire":
		s.state.Holders[c.Lock] = c.Owner
		s.state.Token++
		return Answer{Number: s.state.Token}
	case !held || holder != c.Owner:
		return Answer{Err: ErrNotHolder}
	default:
		delete(s.state.Holders, c.Lock)
		return Answer{}
	}
}

// Holder is the owner that holds a lock, as far as this node knows; 0 if none does.
func (s *Service) Holder(lock string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Holders[lock]
}

// Snapshot implements raft.FSM.
func (s *Service) Snapshot() (raft.FSMSnapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := state{maps.Clone(s.state.Holders), s.state.Token}
	if s.ForgetToken {
		copied.Token = 0
	}
	return snapshot(copied), nil
}

// Restore implements raft.FSM.
func (s *Service) Restore(r io.ReadCloser) error {
	defer r.Close()
	restored := state{Holders: map[string]int64{}}
	if err := json.NewDecoder(r).Decode(&restored); err != nil {
		return fmt.Errorf("restore locks: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = restored
	return nil
}

type snapshot state

// Persist implements raft.FSMSnapshot.
func (s snapshot) Persist(sink raft.SnapshotSink) error {
	if err := json.NewEncoder(sink).Encode(s); err != nil {
		_ = sink.Cancel()
		return err
	}
	return sink.Close()
}

// Release implements raft.FSMSnapshot.
func (snapshot) Release() {}
