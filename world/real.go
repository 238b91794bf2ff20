package world

import (
	"fmt"
	"time"
)

// runReal runs a test in this process and in real time.
func runReal(in Input) (*Result, error) {
	s, err := newScratch()
	if err != nil {
		return nil, fmt.Errorf("make a directory for the nodes' disks: %w", err)
	}
	defer s.remove()
	t, err := newTest(in, s.dir, func(time.Duration) {})
	if err != nil {
		return nil, err
	}
	r, err := t.run()
	if stopErr := t.system.Stop(); err == nil && stopErr != nil {
		err = fmt.Errorf("stop the cluster: %w", stopErr)
	}
	if err != nil {
		return nil, err
	}
	r.Replay = ReplayBestEffort
	return r, nil
}
