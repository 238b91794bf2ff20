package raftnode

import (
	"fmt"
	"io"

	"github.com/hashicorp/raft"
)

// Persist is raft.FSMSnapshot's method of that name for a state that a function writes. The sink is closed, or cancelled if that fails.
func Persist(sink raft.SnapshotSink, write func(io.Writer) error) error {
	if err := write(sink); err != nil {
		_ = sink.Cancel()
		return fmt.Errorf("write snapshot: %w", err)
	}
	if err := sink.Close(); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return nil
}
