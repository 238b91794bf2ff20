package raftlog

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"
)

// List is a list of strings, to which commands append.
type List struct {
	mu    sync.Mutex
	items []string
}

// Items are those that were appended.
func (l *List) Items() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.items)
}

// Apply implements raft.FSM.
func (l *List) Apply(entry *raft.Log) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, string(entry.Data))
	return nil
}

// Snapshot implements raft.FSM.
func (l *List) Snapshot() (raft.FSMSnapshot, error) { return snapshot(l.Items()), nil }

// Restore implements raft.FSM.
func (l *List) Restore(r io.ReadCloser) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = nil
	return json.NewDecoder(r).Decode(&l.items)
}

type snapshot []string

func (s snapshot) Persist(to raft.SnapshotSink) error {
	if err := json.NewEncoder(to).Encode([]string(s)); err != nil {
		return errors.Join(err, to.Cancel())
	}
	return to.Close()
}

func (snapshot) Release() {}

// Start starts a node, whose files are in the working directory. Its address is its name and a port.
func Start(name string, names []string, list *List) (*raft.Raft, error) {
	const port = ":7000"
	logs, err := openStore("raft.db")
	if err != nil {
		return nil, err
	}
	snapshots, err := raft.NewFileSnapshotStore(".", 2, io.Discard)
	if err != nil {
		return nil, err
	}
	transport, err := raft.NewTCPTransport(name+port, nil, 3, time.Second, io.Discard)
	if err != nil {
		return nil, err
	}
	c := raft.DefaultConfig()
	c.LocalID, c.LogOutput = raft.ServerID(name), io.Discard
	c.SnapshotInterval, c.SnapshotThreshold, c.TrailingLogs = 5*time.Second, 50, 10
	var servers []raft.Server
	for _, other := range names {
		servers = append(servers, raft.Server{ID: raft.ServerID(other), Address: raft.ServerAddress(other + port)})
	}
	err = raft.BootstrapCluster(c, logs, logs, snapshots, transport, raft.Configuration{Servers: servers})
	if err != nil && !errors.Is(err, raft.ErrCantBootstrap) {
		return nil, err
	}
	return raft.NewRaft(c, list, logs, logs, snapshots, transport)
}
