package raftkv

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/raftnode"
	"faultline/history"
)

// machine is the replicated state machine: a map of keys to values, objects, and for each client the last
// command of its that was applied, with the result. It is raft's FSM.
type machine struct {
	mu      sync.Mutex
	state   state
	applied uint64    // index of the last entry applied
	waiting []waiting // reads that wait for an index
}

type state struct {
	values   map[string]string
	objects  objects.State
	sessions sessions
}

func newState() state {
	return state{values: map[string]string{}, objects: objects.State{}}
}

// clone is a copy of the state that commands do not change.
func (s *state) clone() state {
	return state{maps.Clone(s.values), s.objects.Clone(), slices.Clone(s.sessions)}
}

type waiting struct {
	index uint64
	done  chan struct{}
}

func newMachine() *machine {
	return &machine{state: newState()}
}

var (
	_ raft.FSM                = (*machine)(nil)
	_ raft.ConfigurationStore = (*machine)(nil)
)

// Apply applies a committed entry. Its result goes to the client that waits for it, if it waits here.
func (m *machine) Apply(l *raft.Log) any {
	c, err := decodeCommand(l.Data)
	if err != nil {
		panic(fmt.Sprintf("raftkv: entry %d cannot be decoded: %v", l.Index, err)) // all nodes would diverge
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.state.apply(c, l.Index)
	m.advance(l.Index)
	return r
}

// StoreConfiguration lets reads pass that wait for an index at which the membership changed.
func (m *machine) StoreConfiguration(index uint64, _ raft.Configuration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(index)
}

func (m *machine) advance(index uint64) {
	m.applied = index
	m.waiting = slices.DeleteFunc(m.waiting, func(w waiting) bool {
		if w.index <= index {
			close(w.done)
			return true
		}
		return false
	})
}

func (s *state) apply(c command, index uint64) result {
	if c.Op == opNoop {
		return result{Matched: true, Index: index}
	}
	last := s.sessions.of(c.Client)
	if c.Serial <= last.serial {
		return last.result // sent again; an older one has no one left who waits for it
	}
	r := s.execute(c, index)
	s.sessions.set(session{c.Client, c.Serial, r})
	return r
}

func (s *state) execute(c command, index uint64) result {
	value, present := s.values[c.Key]
	r := result{Matched: true, Index: index}
	switch c.Op {
	case opGet:
		r.Value, r.Present = value, present
	case opPut:
		s.values[c.Key] = c.New
	case opDelete:
		delete(s.values, c.Key)
	case opCAS:
		if r.Matched = present && cluster.Unpad(value) == c.Old; r.Matched {
			s.values[c.Key] = c.New
		} else {
			r.Value, r.Present = value, present
		}
	case opCall, opQuery:
		return s.call(c.call(index))
	}
	return r
}

// call carries out an operation on an object, or a transaction.
func (s *state) call(c objects.Call) result {
	var a objects.Answer
	if c.Name == ops.Txn {
		a = objects.Txn(s.values, c)
	} else {
		a = s.objects.Call(c)
	}
	r := result{Matched: !a.Failed, Index: c.Index}
	if r.Present = a.Value.Kind() != history.None; r.Present {
		r.Value = a.Value.String()
	}
	return r
}

// read answers a command that changes nothing. The result carries the index of the state it saw.
func (m *machine) read(c *command) result {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state.execute(*c, m.applied)
}

// reached returns a channel that is closed once everything up to index is applied; nil if it is already.
func (m *machine) reached(index uint64) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.applied >= index {
		return nil
	}
	w := waiting{index, make(chan struct{})}
	m.waiting = append(m.waiting, w)
	return w.done
}

// Snapshot copies the state, so that it can be stored while commands are applied.
func (m *machine) Snapshot() (raft.FSMSnapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &image{applied: m.applied, state: m.state.clone()}, nil
}

// image is a copy of the state at one index. It is raft's FSMSnapshot.
type image struct {
	applied uint64
	state   state
}

// Persist writes the image, in the order of the keys: the same state gives the same bytes.
func (i *image) Persist(sink raft.SnapshotSink) error {
	return raftnode.Persist(sink, func(w io.Writer) error {
		_, err := w.Write(i.encode())
		return err
	})
}

// Release has nothing to give back.
func (i *image) Release() {}

// encode leaves the objects out if there are none.
func (i *image) encode() []byte {
	b := binary.AppendUvarint(nil, i.applied)
	b = binary.AppendUvarint(b, uint64(len(i.state.values)))
	for _, k := range slices.Sorted(maps.Keys(i.state.values)) {
		b = appendString(appendString(b, k), i.state.values[k])
	}
	b = binary.AppendUvarint(b, uint64(len(i.state.sessions)))
	for _, s := range i.state.sessions {
		b = binary.AppendUvarint(binary.AppendUvarint(b, s.client), s.serial)
		b = s.result.encode(b)
	}
	if len(i.state.objects) > 0 {
		b = append(b, i.state.objects.Encode()...)
	}
	return b
}

// print is the fingerprint of the whole state.
func (m *machine) print() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return raftnode.Fingerprint((&image{applied: m.applied, state: m.state}).encode())
}

// Restore replaces the state by a snapshot's.
func (m *machine) Restore(r io.ReadCloser) error {
	defer r.Close()
	b, err := io.ReadAll(bufio.NewReader(r))
	if err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	applied, s, err := decodeImage(b)
	if err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	m.replace(s, applied)
	return nil
}

func (m *machine) replace(s state, applied uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state = s
	m.advance(applied)
}

// resultPrint is the fingerprint of what came of a command.
func resultPrint(out any) (uint64, bool) {
	r, ok := out.(result)
	if !ok {
		return 0, false
	}
	var buf [128]byte
	return raftnode.Fingerprint(r.encode(buf[:0])), true
}

func decodeImage(b []byte) (applied uint64, s state, err error) {
	d := decoder{b: b}
	applied = d.uvarint()
	s = newState()
	for n := d.uvarint(); n > 0 && d.err == nil; n-- {
		k := d.string()
		s.values[k] = d.string()
	}
	for n := d.uvarint(); n > 0 && d.err == nil; n-- {
		s.sessions.set(session{d.uvarint(), d.uvarint(), d.result()})
	}
	if len(d.b) > 0 {
		if s.objects, err = objects.Decode(d.b); err != nil {
			return 0, s, err
		}
		d.b = nil
	}
	return applied, s, d.end()
}
