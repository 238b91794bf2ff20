package fakestore

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// store is the state machine.
type store struct {
	node, bug string

	mu    sync.Mutex
	state state
}

// state is all that a node has. Values are JSON, as in a history.
type state struct {
	Log      []string          `json:"log"`    // the record at each offset; empty for none
	Events   []string          `json:"events"` // the events, in order
	Revision int64             `json:"revision"`
	Keys     map[string]string `json:"keys"`
	Leases   map[int64]*lease  `json:"leases"`
	Granted  int64             `json:"granted"`
	Hidden   int64             `json:"hidden"` // is part of the digest, and nothing else
	Applied  int64             `json:"applied"`
}

// lease has its deadline by the clocks of clients, which are one clock in a world.
type lease struct {
	TTL      time.Duration `json:"ttl"`
	Deadline time.Time     `json:"deadline"`
	Keys     []string      `json:"keys"`
}

func newStore(node, bug string) *store {
	return &store{node: node, bug: bug, state: state{Keys: map[string]string{}, Leases: map[int64]*lease{}}}
}

// now reports whether a bug has its way with the command that is applied, as it has with one of so many.
func (s *store) now(bug string, every int64) bool { return s.bug == bug && s.state.Applied%every == 0 }

// Apply implements raft.FSM.
func (s *store) Apply(entry *raft.Log) any {
	op, at, err := decode(entry.Data)
	if err != nil {
		return failed(err.Error())
	}
	s.mu.Lock()
	s.state.Applied++
	if s.node == "n3" && s.now(WrongState, 50) {
		s.state.Hidden++
	}
	s.expire(at)
	out, changes := s.change(op, at)
	s.mu.Unlock()
	if changes {
		return out
	}
	return s.answer(op)
}

// change carries out an operation; false if it changes nothing.
func (s *store) change(op cluster.Op, at time.Time) (out cluster.Outcome, changes bool) {
	switch op.F {
	case ops.Send:
		return s.send(op), true
	case ops.Put:
		return s.put(op), true
	case ops.Remove:
		return s.remove(op.Key), true
	case ops.Grant, ops.Attach, ops.KeepAlive, ops.Revoke:
		return s.onLease(op, at), true
	case ops.Txn:
		return s.txn(op), true
	case "write":
		s.state.Keys[op.Key] = op.Value.String()
		return cluster.Outcome{Type: history.OK}, true
	case "cas":
		return s.cas(op), true
	case ops.Compact:
		return ok(history.IntValue(s.state.Applied)), true
	case ops.Defragment:
		return cluster.Outcome{Type: history.OK}, true
	default:
		return out, false
	}
}

// answer carries out an operation that changes nothing.
func (s *store) answer(op cluster.Op) cluster.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, _ := op.Value.Int()
	switch op.F {
	case ops.Fetch, ops.Poll:
		return s.records(op.F, from)
	case ops.Watch:
		return s.events(op.Key, from)
	case ops.Read:
		return ok(s.value(op.Key))
	case ops.Digest:
		h := fnv.New32a()
		_ = json.NewEncoder(h).Encode(s.state) // encoding/json sorts the keys of maps
		return ok(ops.State{Revision: s.state.Applied, Hash: int64(h.Sum32())}.Encode())
	default:
		return failed(fmt.Sprintf("there is no operation %q", op.F))
	}
}

func (s *store) cas(op cluster.Op) cluster.Outcome {
	old, fresh, _ := op.Value.Pair()
	if held := s.value(op.Key); !held.Equal(history.IntValue(old)) {
		return cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed, Value: held}
	}
	s.state.Keys[op.Key] = history.IntValue(fresh).String()
	return cluster.Outcome{Type: history.OK}
}

func (s *store) value(key string) history.Value {
	text, there := s.state.Keys[key]
	if !there {
		return history.NilValue()
	}
	return parsed(text)
}

func parsed(text string) history.Value {
	v, err := history.ParseValue([]byte(text))
	if err != nil {
		return history.TextValue(text)
	}
	return v
}

func ok(v history.Value) cluster.Outcome { return cluster.Outcome{Type: history.OK, Value: v} }

func failed(why string) cluster.Outcome { return cluster.Outcome{Type: history.Fail, Error: why} }

// Snapshot implements raft.FSM.
func (s *store) Snapshot() (raft.FSMSnapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := json.Marshal(s.state)
	return snapshot(b), err
}

// Restore implements raft.FSM.
func (s *store) Restore(r io.ReadCloser) error {
	defer r.Close()
	restored := newStore(s.node, s.bug).state
	if err := json.NewDecoder(r).Decode(&restored); err != nil {
		return fmt.Errorf("restore the store: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = restored
	return nil
}

type snapshot []byte

// Persist implements raft.FSMSnapshot.
func (s snapshot) Persist(sink raft.SnapshotSink) error {
	if _, err := sink.Write(s); err != nil {
		_ = sink.Cancel()
		return err
	}
	return sink.Close()
}

// Release implements raft.FSMSnapshot.
func (snapshot) Release() {}
