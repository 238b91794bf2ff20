package commitlog

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim/rpc"
)

// controller is the node that leads in Raft, as long as it does. What it has decided is in the log; when it has heard from whom is not, so
// that a new one gives everybody time.
type controller struct {
	term  uint64               // in which it leads; 0 if it does not
	heard map[string]time.Time // when each broker was heard last
}

// enqueueTimeout bounds how long a decision may wait for raft's main loop.
const enqueueTimeout = 500 * time.Millisecond

// decide has raft replicate a decision, and reports whether it has changed anything. It waits; the caller has not locked the monitor.
func (b *broker) decide(d decision) (changed bool, err error) {
	text, err := json.Marshal(d)
	if err != nil {
		return false, fmt.Errorf("a decision of the controller: %w", err)
	}
	answer, _, err := b.Apply(text, enqueueTimeout)
	if err != nil {
		return false, err
	}
	return answer.(bool), nil
}

// control does what falls to the controller when time has passed: it fences those who have not been heard for long.
func (b *broker) control() {
	term, err := b.Leads()
	if err != nil {
		b.controller.term = 0
		return
	}
	if b.controller.term != term {
		b.controller = controller{term, map[string]time.Time{}}
		for _, node := range b.system.Nodes() {
			b.controller.heard[node] = time.Now()
		}
	}
	for _, node := range b.system.Nodes() {
		if process := b.metadata.Brokers[node].Process; b.metadata.alive(node) && time.Since(b.controller.heard[node]) > b.config.SessionTimeout {
			b.controller.heard[node] = time.Now() // until this is decided, or has failed
			b.Process.Go(func() { _, _ = b.decide(decision{Kind: fences, Node: node, Process: process}) })
		}
	}
}

// heartbeat takes a sign of life, and registers a process that is not in service.
func (b *broker) heartbeat(node string, process int) rpc.Response {
	if _, err := b.Leads(); err != nil {
		return b.notController()
	}
	b.Lock()
	known := b.metadata.Brokers[node]
	if b.controller.heard != nil && process >= known.Process {
		b.controller.heard[node] = time.Now()
	}
	b.Unlock()
	if known.Process == process && !known.Fenced {
		return rpc.Answer(0, "", nil)
	}
	return b.decided(decision{Kind: registers, Node: node, Process: process})
}

// decided answers whoever asks the controller for a decision.
func (b *broker) decided(d decision) rpc.Response {
	if _, err := b.Leads(); err != nil {
		return b.notController()
	}
	switch changed, err := b.decide(d); {
	case err != nil:
		return rpc.Unsure(0, raftnode.MeaningIn(raftnode.Meanings(), err).Name)
	case !changed:
		return rpc.Refuse(0, "outdated", "")
	default:
		return rpc.Answer(0, d.Kind, nil)
	}
}

func (b *broker) notController() rpc.Response {
	_, leader := b.Raft.LeaderWithID()
	return rpc.Refuse(0, "not-controller", string(leader))
}

// ask asks the controller for something, if anybody is known to be it. What comes of it is in the metadata sooner or later, or not.
func (b *broker) ask(kind string, d decision) {
	_, id := b.Raft.LeaderWithID()
	if id != "" {
		_, _ = b.request(string(id), rpc.NewRequest(kind, 0, d.Partition, d), b.config.SessionTimeout/2)
	}
}

// request has a node do something, be it this one.
func (b *broker) request(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
	if node == b.name() {
		return b.answer(node, q), nil
	}
	return b.call(node, q, timeout)
}

// decisions is the broker as the state machine of the controller's log.
type decisions broker

// Apply implements raft.FSM.
func (m *decisions) Apply(e *raft.Log) any {
	var d decision
	if json.Unmarshal(e.Data, &d) != nil {
		return false
	}
	m.Lock()
	defer m.Unlock()
	defer m.Changed()
	return m.metadata.apply(d)
}

// Snapshot implements raft.FSM.
func (m *decisions) Snapshot() (raft.FSMSnapshot, error) {
	m.Lock()
	defer m.Unlock()
	text, err := json.Marshal(m.metadata)
	return snapshot(text), err
}

// Restore implements raft.FSM.
func (m *decisions) Restore(r io.ReadCloser) error {
	restored := newMetadata(m.metadata.nodes, m.metadata.elect)
	if err := json.NewDecoder(r).Decode(&restored); err != nil {
		return fmt.Errorf("the controller's snapshot: %w", err)
	}
	m.Lock()
	defer m.Unlock()
	defer m.Changed()
	m.metadata = restored
	return nil
}

// print is the fingerprint of what was decided.
func (m *decisions) print() uint64 {
	s, err := m.Snapshot()
	if err != nil {
		return 0
	}
	return raftnode.Fingerprint(s.(snapshot))
}

// snapshot is the metadata as JSON.
type snapshot []byte

// Persist implements raft.FSMSnapshot.
func (s snapshot) Persist(sink raft.SnapshotSink) error {
	return raftnode.Persist(sink, func(w io.Writer) error { _, err := w.Write(s); return err })
}

// Release implements raft.FSMSnapshot.
func (snapshot) Release() {}
