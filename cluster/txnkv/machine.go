package txnkv

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/raft"

	"faultline/cluster/ops"
	"faultline/cluster/raftnode"
	"faultline/history"
)

// machine is the replicated state machine: what is committed. It is raft's FSM.
type machine struct {
	mu      sync.Mutex
	keys    keyspace
	last    map[uint64]committed // by client: its last transaction that is committed
	applied uint64               // index of the last entry applied
	safe    uint64               // the latest snapshot that is known to be safe

	prepared map[id]entry // transactions of which the coordinator has to decide
	decided  map[id]stamp // those that this shard has committed as their coordinator

	stamped bool  // stamps are not the indices of this log
	closed  stamp // the largest of them; with clocks all from now on are larger
}

// committed is a transaction of a client, and the index at which it is committed.
type committed struct {
	Serial uint64 `json:"n"`
	Index  uint64 `json:"i"`
}

// result is what came of an entry.
type result struct {
	Index  uint64
	Fenced bool // it had no effect, as it is of a leader that was deposed
}

var (
	_ raft.FSM                = (*machine)(nil)
	_ raft.ConfigurationStore = (*machine)(nil)
)

func newMachine(stamped bool) *machine {
	return &machine{stamped: stamped, keys: newKeyspace(), last: map[uint64]committed{},
		prepared: map[id]entry{}, decided: map[id]stamp{}}
}

// Apply applies a committed entry.
func (m *machine) Apply(l *raft.Log) any {
	e, err := decodeEntry(l.Data)
	if err != nil {
		panic(fmt.Sprintf("txnkv: entry %d cannot be decoded: %v", l.Index, err)) // all nodes would diverge
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.applied = l.Index
	return m.apply(e, l)
}

func (m *machine) apply(e entry, l *raft.Log) result {
	r := result{Index: l.Index}
	switch e.Kind {
	case begins: // no transaction of an earlier term can commit any more
		m.safe = l.Index
	case commits:
		if r.Fenced = e.Term != l.Term; !r.Fenced {
			m.commit(e, l.Index)
		}
	case closes:
		r.Fenced = e.Term != l.Term
	case prepares:
		if r.Fenced = e.Term != l.Term; !r.Fenced {
			m.prepared[e.Txn] = e
		}
	case decides:
		if p, is := m.prepared[e.Txn]; is && e.Commit {
			m.write(p.Changes, e.at(l.Index))
		}
		delete(m.prepared, e.Txn)
	}
	m.closed = max(m.closed, e.Stamp)
	return r
}

func (m *machine) commit(e entry, index uint64) {
	m.write(e.Changes, e.at(index))
	m.last[e.Txn.Client] = committed{e.Txn.Serial, index}
	m.safe = max(m.safe, e.Safe)
	if e.Commit {
		m.decided[e.Txn] = e.at(index)
	}
}

func (m *machine) write(all []change, at stamp) {
	for _, c := range all {
		v, err := c.to(m.keys.at(c.Key, newest))
		if err != nil {
			continue // the leader has looked
		}
		m.keys.put(c.Key, version{at, v})
	}
}

// StoreConfiguration counts an entry that changes the membership.
func (m *machine) StoreConfiguration(index uint64, _ raft.Configuration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.applied = index
}

// read returns what a key has in a snapshot.
func (m *machine) read(key string, s stamp) history.Value {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys.at(key, s)
}

// scan returns what the keys that begin with a prefix have in a snapshot, as far as they are there.
func (m *machine) scan(prefix string, s stamp) history.Value {
	m.mu.Lock()
	defer m.mu.Unlock()
	var entries [][2]history.Value
	for _, key := range m.keys.with(prefix) {
		if v := m.keys.at(key, s); v.Kind() != history.Nil {
			entries = append(entries, [2]history.Value{history.TextValue(key), v})
		}
	}
	return history.MapValue(entries...)
}

// keysWith lists the keys that begin with a prefix and ever were there.
func (m *machine) keysWith(prefix string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.keys.with(prefix))
}

// written is when a key was written last.
func (m *machine) written(key string) stamp {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys.written(key)
}

// now is the snapshot of all that is applied, and the latest that is safe.
func (m *machine) now() (all, safe stamp) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.applied, m.safe
}

// has reports whether a snapshot can be read here: all of it is applied and nothing of it lost.
func (m *machine) has(s stamp) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys.horizon <= s && s <= m.latest()
}

// latest is the latest snapshot that can be here. The caller holds mu.
func (m *machine) latest() stamp {
	if m.stamped {
		return m.closed
	}
	return m.applied
}

// keeps reports whether nothing of a snapshot is lost here.
func (m *machine) keeps(s stamp) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys.horizon <= s
}

// look returns what a step reads from a snapshot; false if nothing of it, or not all, is here.
func (m *machine) look(s step, at stamp) (history.Value, bool) {
	if !m.has(at) {
		return history.Value{}, false
	}
	if s.Kind == ops.ScanStep {
		return m.scan(s.Key, at), true
	}
	return m.read(s.Key, at), true
}

// since is when what a step reads from a snapshot was committed.
func (m *machine) since(s step, at stamp) (latest stamp) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.Kind != ops.ScanStep {
		return m.keys.version(s.Key, at).from
	}
	for _, key := range m.keys.with(s.Key) {
		latest = max(latest, m.keys.version(key, at).from)
	}
	return latest
}

// closedUpTo is the largest timestamp that was given, as far as the log knows.
func (m *machine) closedUpTo() stamp {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed
}

// outcome returns the index at which a transaction is committed; false if it is not, or a later one of its client is.
func (m *machine) outcome(t id) (index uint64, is bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.last[t.Client]
	return c.Index, c.Serial == t.Serial
}

// undecided are the transactions that are prepared, in order.
func (m *machine) undecided() []entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return sortedEntries(m.prepared)
}

func sortedEntries(all map[id]entry) []entry {
	return slices.SortedFunc(maps.Values(all), func(a, b entry) int { return a.Txn.compare(b.Txn) })
}

// waits reports whether a transaction is prepared.
func (m *machine) waits(t id) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, is := m.prepared[t]
	return is
}

// commits reports whether this shard has decided as a coordinator that a transaction is committed, and with which timestamp.
func (m *machine) commits(t id) (at stamp, is bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, is = m.decided[t]
	return at, is
}

// image is the state at one index, with the newest version of each key. It is raft's FSMSnapshot.
type image struct {
	Applied uint64               `json:"applied"`
	Safe    uint64               `json:"safe"`
	Keys    map[string]held      `json:"keys"`
	Last    map[uint64]committed `json:"last"`

	Prepared []entry `json:"prepared,omitempty"` // in order
	Decided  []ruled `json:"decided,omitempty"`  // in order
	Closed   stamp   `json:"closed,omitempty"`
}

type ruled struct {
	Txn id    `json:"txn"`
	At  stamp `json:"at,omitempty"`
}

type held struct {
	From  stamp           `json:"from"`
	Value json.RawMessage `json:"value"`
}

// image copies the state. The caller holds mu.
func (m *machine) image() *image {
	i := &image{Applied: m.applied, Safe: m.safe, Keys: map[string]held{}, Last: maps.Clone(m.last),
		Prepared: sortedEntries(m.prepared), Closed: m.closed}
	for _, t := range slices.SortedFunc(maps.Keys(m.decided), id.compare) {
		i.Decided = append(i.Decided, ruled{t, m.decided[t]})
	}
	for key, all := range m.keys.versions {
		v := all[len(all)-1]
		i.Keys[key] = held{v.from, json.RawMessage(v.value.String())}
	}
	return i
}

// Snapshot copies the state, so that it can be stored while entries are applied.
func (m *machine) Snapshot() (raft.FSMSnapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.image(), nil
}

// Persist writes the image. Maps are written in the order of their keys: the same state gives the same bytes.
func (i *image) Persist(sink raft.SnapshotSink) error {
	return raftnode.Persist(sink, func(w io.Writer) error { return json.NewEncoder(w).Encode(i) })
}

// Release has nothing to give back.
func (i *image) Release() {}

// Restore replaces the state by a snapshot's. Older versions are lost.
func (m *machine) Restore(r io.ReadCloser) error {
	defer r.Close()
	var i image
	if err := json.NewDecoder(r).Decode(&i); err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	keys := newKeyspace()
	for _, key := range slices.Sorted(maps.Keys(i.Keys)) {
		v, err := history.ParseValue(i.Keys[key].Value)
		if err != nil {
			return fmt.Errorf("read snapshot: %s: %w", key, err)
		}
		keys.put(key, version{i.Keys[key].From, v})
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys, m.last, m.applied, m.safe = keys, i.Last, i.Applied, i.Safe
	m.prepared, m.decided, m.closed = map[id]entry{}, map[id]stamp{}, i.Closed
	for _, e := range i.Prepared {
		m.prepared[e.Txn] = e
	}
	for _, d := range i.Decided {
		m.decided[d.Txn] = d.At
	}
	m.keys.horizon = m.latest()
	return nil
}

// print is the fingerprint of the whole state.
func (m *machine) print() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, err := json.Marshal(m.image())
	if err != nil {
		panic(fmt.Sprintf("txnkv: a state that is not JSON: %v", err))
	}
	return raftnode.Fingerprint(b)
}

// resultPrint is the fingerprint of what came of an entry.
func resultPrint(out any) (uint64, bool) {
	r, ok := out.(result)
	return raftnode.Fingerprint(fmt.Append(nil, r)), ok
}
