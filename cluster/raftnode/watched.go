package raftnode

import (
	"io"
	"sync/atomic"

	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode/raftstore"
	"faultline/cluster/report"
	"faultline/cluster/sim"
)

// watched is one incarnation as the ledger sees it.
type watched struct {
	ledger  *ledger
	process *sim.Process
}

// watchedLog is a log whose writes the ledger notes, once they are done.
type watchedLog struct {
	raft.LogStore
	watched
	before raft.Log // of StoreLogs: raft writes from one goroutine
}

// StoreLog writes one entry.
func (w *watchedLog) StoreLog(e *raft.Log) error { return w.StoreLogs([]*raft.Log{e}) }

// StoreLogs writes entries.
func (w *watchedLog) StoreLogs(logs []*raft.Log) error {
	if err := w.LogStore.StoreLogs(logs); err != nil || len(logs) == 0 || w.process.Dead() {
		return err
	}
	if w.LogStore.GetLog(logs[0].Index-1, &w.before) != nil {
		w.before.Term = 0 // there is none: the log begins here
	}
	w.ledger.stores(w.process.Node(), w.before.Term, logs)
	return nil
}

// watchedTerm is a store of raft's term and vote. It notes each term once it is stored, which is when raft enters it.
type watchedTerm struct {
	raft.StableStore
	process *sim.Process
}

// termKey is the one under which raft stores its term.
const termKey = "CurrentTerm"

// SetUint64 stores a number.
func (w *watchedTerm) SetUint64(key []byte, n uint64) error {
	err := w.StableStore.SetUint64(key, n)
	if err == nil && string(key) == termKey {
		w.process.Entered(n)
	}
	return err
}

// watchedMachine is a state machine whose steps the ledger notes. It knows how far it is, and can die before a restore.
type watchedMachine struct {
	raft.FSM
	parts Parts
	watched

	applied atomic.Uint64 // index of the last entry applied
	*counts
}

// counts are those of one node. They stay when the node is gone, and keep nothing else of it.
type counts struct {
	restored, taken atomic.Int64 // how often a snapshot was restored, and stored
	atStart         int64        // how often one was restored while raft started: the node's own
}

var _ raft.ConfigurationStore = (*watchedMachine)(nil)

// watchMachine returns the machine with its steps noted. It takes batches if the machine does, as raft asks for that.
func (n *Node) watchMachine(w watched, parts Parts) raft.FSM {
	n.machine = &watchedMachine{FSM: parts.FSM, parts: parts, watched: w, counts: &counts{}}
	if batching, ok := parts.FSM.(raft.BatchingFSM); ok {
		return &watchedBatches{n.machine, batching}
	}
	return n.machine
}

// stateEach is after how many entries states are compared: taking the print of one takes as long as applying
// some hundred entries. Before that they are compared at each power of two from firstState on, so that a run with a
// few entries is enough to see that they differ.
const (
	stateEach  = 512
	firstState = 16
)

func compared(index uint64) bool {
	return index%stateEach == 0 || index >= firstState && index < stateEach && index&(index-1) == 0
}

// Apply applies an entry.
func (w *watchedMachine) Apply(e *raft.Log) any {
	out := w.FSM.Apply(e)
	w.noteResult(e, out)
	w.reached(e.Index)
	return out
}

// noteResult notes the result of an entry.
func (w *watchedMachine) noteResult(e *raft.Log, out any) {
	if e.Type != raft.LogCommand || w.process.Dead() {
		return
	}
	result, ok := uint64(0), true
	if w.parts.Result != nil {
		result, ok = w.parts.Result(out)
	}
	if ok {
		w.ledger.applies(w.process.Node(), e, result)
	}
}

// reached notes the index, and now and then the state behind it.
func (w *watchedMachine) reached(index uint64) {
	w.applied.Store(index)
	if w.parts.State != nil && compared(index) && !w.process.Dead() {
		w.ledger.reaches(w.process.Node(), index, w.parts.State())
	}
}

// StoreConfiguration passes on what the machine wants to know.
func (w *watchedMachine) StoreConfiguration(index uint64, c raft.Configuration) {
	if m, ok := w.FSM.(raft.ConfigurationStore); ok {
		m.StoreConfiguration(index, c)
	}
	w.applied.Store(index)
}

// Restore replaces the state by a snapshot's.
func (w *watchedMachine) Restore(snapshot io.ReadCloser) error {
	index := raftstore.IndexOf(snapshot)
	w.process.Reach(string(raftstore.Restore))
	if err := w.FSM.Restore(snapshot); err != nil {
		return err
	}
	w.applied.Store(index)
	w.restored.Add(1)
	w.process.Happened(report.SnapshotInstalled)
	return nil
}

// Snapshot takes a snapshot that is noted when it is stored.
func (w *watchedMachine) Snapshot() (raft.FSMSnapshot, error) {
	snapshot, err := w.FSM.Snapshot()
	if err != nil {
		return nil, err
	}
	return watchedSnapshot{snapshot, w}, nil
}

type watchedSnapshot struct {
	raft.FSMSnapshot
	machine *watchedMachine
}

// Persist stores the snapshot. It closes the sink, as raft would.
func (s watchedSnapshot) Persist(sink raft.SnapshotSink) error {
	err := s.FSMSnapshot.Persist(sink)
	if err == nil {
		err = sink.Close()
	}
	if err == nil {
		s.machine.taken.Add(1)
		s.machine.process.Happened(report.SnapshotTaken)
	}
	return err
}

// watchedBatches is a watchedMachine that takes batches. The state is known behind the last entry of each.
type watchedBatches struct {
	*watchedMachine
	batching raft.BatchingFSM
}

// ApplyBatch applies entries.
func (w *watchedBatches) ApplyBatch(entries []*raft.Log) []any {
	answers := w.batching.ApplyBatch(entries)
	for i, e := range entries {
		w.noteResult(e, answers[i])
	}
	w.reached(entries[len(entries)-1].Index)
	return answers
}
