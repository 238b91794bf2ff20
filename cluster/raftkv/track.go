package raftkv

import (
	"slices"
	"strings"
	"sync"
	"time"

	"faultline/cluster"
)

// track is the record of who had which role when.
type track struct {
	mu          sync.Mutex
	start       time.Time
	transitions []cluster.Transition
	elections   int64
}

// role records a change, unless the incarnation it comes from is dead.
func (t *track) role(node, role string, term uint64, dead func() bool) {
	if dead() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	role = strings.ToLower(role)
	if role == "leader" {
		t.elections++
	}
	t.transitions = append(t.transitions, cluster.Transition{Time: time.Since(t.start), Node: node, Role: role, Term: term})
}

func (t *track) all() (transitions []cluster.Transition, elections int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.transitions), t.elections
}
