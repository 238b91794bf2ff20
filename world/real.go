package world

import (
	"context"
	"fmt"
)

// runReal runs a test in this process and in real time.
func runReal(ctx context.Context, in Input) (*Result, error) {
	s, err := newScratch()
	if err != nil {
		return nil, fmt.Errorf("make a directory for the nodes' disks: %w", err)
	}
	defer s.remove()
	kept := &keeper{}
	t, err := newTest(in, s.dir, kept)
	if err != nil {
		return nil, err
	}
	t.quit = ctx.Done()
	r, err := t.run()
	if stopErr := t.system.Stop(); err == nil && stopErr != nil {
		err = fmt.Errorf("stop the cluster: %w", stopErr)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	r.Replay = ReplayBestEffort
	if r.History, err = kept.history.Tape(); err != nil {
		return nil, fmt.Errorf("keep the history: %w", err)
	}
	return r, nil
}
