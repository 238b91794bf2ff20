package sim

import (
	"slices"
	"sync"
	"time"

	"faultline/cluster/report"
)

// track is the record of who had which role when, and in which term.
type track struct {
	mu          sync.Mutex
	start       time.Time
	transitions []report.Transition
	elections   int64 // how often somebody became Leader
	paused      []string
}

// role records a change, unless its process is dead. A program on Go's own timers may change its role while it is paused.
// Nobody sees that until it resumes.
func (t *track) role(node, role string, term uint64, dead func() bool) {
	if dead() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if role == Leader {
		t.elections++
	}
	if role == Down {
		t.wake(node)
	}
	if !slices.Contains(t.paused, node) {
		t.add(node, role, term)
	}
}

// term records that a node knows of another term in the role that it has, unless its process is dead, or has not begun.
func (t *track) term(node string, term uint64, dead func() bool) {
	if dead() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, last := range slices.Backward(t.transitions) {
		if last.Node != node {
			continue
		}
		if last.Role != Down && last.Role != Paused && last.Term != term {
			t.add(node, last.Role, term)
		}
		return
	}
}

// begin records the role in which a process starts.
func (t *track) begin(node, role string, term uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(node, role, term)
}

// pause records that a node's process was stopped.
func (t *track) pause(node string, term uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(node, Paused, term)
	t.paused = append(t.paused, node)
}

// resume records that it goes on, and in which role.
func (t *track) resume(node, role string, term uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wake(node)
	t.add(node, role, term)
}

func (t *track) wake(node string) {
	t.paused = slices.DeleteFunc(t.paused, func(paused string) bool { return paused == node })
}

func (t *track) add(node, role string, term uint64) {
	t.transitions = append(t.transitions, report.Transition{Time: time.Since(t.start), Node: node, Role: role, Term: term})
}

func (t *track) all() (transitions []report.Transition, elections int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.transitions), t.elections
}
