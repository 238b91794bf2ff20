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

// stateEach is after how many entries states are compared: taking the print of one takes as long as applying
// some hundred entries.
const stateEach = 512

// Apply applies an entry.
func (w *watchedMachine) Apply(e *raft.Log) any {
	out := w.FSM.Apply(e)
	if w.dead() {
		return out
	}
	if r, ok := out.(result); ok {
		var buf [128]byte
		w.ledger.applies(w.node, e, printOf(r.encode(buf[:0])))
	}
	if e.Index%stateEach == 0 {
		w.ledger.reaches(w.node, e.Index, w.state.print())
	}
	return out
}

// StoreConfiguration passes on what the machine wants to know.
func (w *watchedMachine) StoreConfiguration(index uint64, c raft.Configuration) {
	if m, ok := w.FSM.(raft.ConfigurationStore); ok {
		m.StoreConfiguration(index, c)
	}
}
