package raftkv

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/network"
)

// replaceLimit is how long a replacement waits for the removal to be committed.
const replaceLimit = 2 * time.Second

// Replace takes a node out of the cluster and puts a machine of the same name in its place that has nothing on its
// disk. That must wait until a leader has committed the removal: a voter that forgets what it has stored and whom
// it has voted for, and still counts, can help to lose what was acknowledged, and to elect a second leader of a
// term. If no leader does so in time, the node stays, and the error says so.
func (s *System) Replace(name string) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	if err := s.awake(n); err != nil {
		return err
	}
	if err := s.Become(name, cluster.Outside); err != nil {
		return err
	}
	removed := s.operator.finishes(replaceLimit)
	if removed {
		err = s.renew(n)
	} else {
		err = fmt.Errorf("no leader has removed %s within %v", name, replaceLimit)
	}
	_ = s.Become(name, cluster.Voter) // it fails for a node that there is not
	return err
}

// awake says why a node does not run, if it does not.
func (s *System) awake(n *node) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case n.live == nil:
		return fmt.Errorf("%s is down", n.name)
	case n.paused:
		return fmt.Errorf("%s is paused", n.name)
	default:
		return nil
	}
}

// finishes waits until nothing is left to do, for a while.
func (o *operator) finishes(limit time.Duration) bool {
	for begin := time.Now(); time.Since(begin) < limit; time.Sleep(operatorPause) {
		if !o.busy() {
			return true
		}
	}
	return !o.busy()
}

func (o *operator) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.working
}

// renew starts a node anew on an empty disk.
func (s *System) renew(n *node) error {
	if err := s.kill(n.name, (*network.Host).PowerOff, (*disk.Volume).PowerLoss); err != nil {
		return err
	}
	s.replaced++
	dir := filepath.Join(s.config.Dir, n.name)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("%s: empty the disk: %w", n.name, err)
	}
	if err := s.provideDisk(n, fmt.Sprintf(", replacement %d", s.replaced)); err != nil {
		return err
	}
	fmt.Fprintf(n.log, "[INFO]  process: started on another machine\n")
	return s.boot(n, false)
}
