package raftkv

import (
	"github.com/hashicorp/raft"
)

// watched is one incarnation as the ledger sees it.
type watched struct {
	ledger *ledger
	node   string
	dead   func() bool
}

// watchedLog is a log whose writes the ledger notes, once they are done.
type watchedLog struct {
	raft.LogStore
	watched
}

// StoreLog writes one entry.
func (w *watchedLog) StoreLog(e *raft.Log) error { return w.StoreLogs([]*raft.Log{e}) }

// StoreLogs writes entries.
func (w *watchedLog) StoreLogs(logs []*raft.Log) error {
	if err := w.LogStore.StoreLogs(logs); err != nil || len(logs) == 0 || w.dead() {
		return err
	}
	var before raft.Log
	if w.LogStore.GetLog(logs[0].Index-1, &before) != nil {
		before.Term = 0 // there is none: the log begins here
	}
	w.ledger.stores(w.node, before.Term, logs)
	return nil
}

// watchedMachine is a state machine whose steps the ledger notes.
type watchedMachine struct {
	raft.FSM
	state *machine
	watched
}

var _ raft.ConfigurationStore = (*watchedMachine)(nil)

// watchMachine returns the machine with its steps noted. It takes batches if the machine does, as raft asks for that.
func (w watched) watchMachine(fsm raft.FSM, state *machine) raft.FSM {
	m := &watchedMachine{fsm, state, w}
	if batching, ok := fsm.(raft.BatchingFSM); ok {
		return &watchedBatches{m, batching}
	}
	return m
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
	w.applied(e, out)
	w.reached(e.Index)
	return out
}

// applied notes the result of an entry.
func (w *watchedMachine) applied(e *raft.Log, out any) {
	if r, ok := out.(result); ok && !w.dead() {
		var buf [128]byte
		w.ledger.applies(w.node, e, printOf(r.encode(buf[:0])))
	}
}

// reached notes the state behind an entry, now and then.
func (w *watchedMachine) reached(index uint64) {
	if compared(index) && !w.dead() {
		w.ledger.reaches(w.node, index, w.state.print())
	}
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
		w.applied(e, answers[i])
	}
	w.reached(entries[len(entries)-1].Index)
	return answers
}

// StoreConfiguration passes on what the machine wants to know.
func (w *watchedMachine) StoreConfiguration(index uint64, c raft.Configuration) {
	if m, ok := w.FSM.(raft.ConfigurationStore); ok {
		m.StoreConfiguration(index, c)
	}
}
