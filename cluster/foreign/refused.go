package foreign

import (
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/cluster/report"
)

// refused says why the store cannot be tested.
func refused(format string, args ...any) error {
	return &cluster.RefusedError{Reason: fmt.Sprintf(format, args...)}
}

// began notes that a node has started.
func (s *system) began(n *node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes = append(s.nodes, n)
}

// started are all nodes that were started; before any fault each is there once.
func (s *system) started() []*node {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.nodes)
}

// unable is why a node does not serve that wanted to do what it cannot do in a world; nil if there is no such node.
func (s *system) unable() error {
	for _, n := range s.started() {
		refusals, reason := n.process.Refusals(), n.process.Reason()
		switch {
		case len(refusals) == 0 || n.isReady() && reason == "":
		case reason != "":
			return refused("%s cannot %s in a closed world, and %s", n.machine.Node(), refusals[0].What, reason)
		default:
			return refused("%s cannot %s in a closed world, and is not ready after %v", n.machine.Node(), refusals[0].What, readyLimit)
		}
	}
	return nil
}

// bear notes what nodes wanted to do and cannot do that started all the same: they have another way.
func (s *system) bear() {
	s.bearable = map[string]bool{}
	for _, n := range s.started() {
		for _, r := range n.process.Refusals() {
			s.bearable[r.What] = true
		}
	}
}

// Report is that of the machines, and what nodes wanted to do after the start and cannot do in a world.
func (s *system) Report() report.Report {
	r := s.Cluster.Report()
	for _, n := range s.started() {
		for _, refusal := range n.process.Refusals() {
			if !s.bearable[refusal.What] {
				r.Refused = append(r.Refused, report.Refusal{Time: refusal.At.Sub(s.opened), Node: n.machine.Node(), What: refusal.What})
			}
		}
	}
	return r
}
