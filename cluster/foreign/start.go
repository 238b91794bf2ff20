package foreign

import (
	"fmt"
	"time"
)

// readyLimit bounds how long the test waits for nodes that say when they are ready. One that is not by then may still come.
const readyLimit = 30 * time.Second

// Start starts all nodes, and waits for those that say when they are ready. A program that ends or is not ready, and wanted to do
// what it cannot do in a world, is an error that says so: no test of it would say anything.
func (s *system) Start() error {
	if err := s.tryClient(); err != nil {
		return err
	}
	if err := s.Cluster.Start(); err != nil {
		return err
	}
	limit := time.After(readyLimit)
	for _, n := range s.firsts() {
		select {
		case <-n.ready:
		case <-n.process.Exited():
		case <-limit:
			limit = closed
		}
	}
	return s.unable()
}

// closed is a limit that has passed.
var closed = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// firsts are the first processes of all nodes.
func (s *system) firsts() (all []*node) {
	for _, name := range s.Nodes() {
		if n, ok := s.first.Load(name); ok {
			all = append(all, n.(*node))
		}
	}
	return all
}

// unable is why a node does not serve that wanted to do what it cannot do in a world; nil if there is no such node.
func (s *system) unable() error {
	for _, n := range s.firsts() {
		what, reason := n.process.Unable(), n.process.Reason()
		switch {
		case what == "" || n.isReady() && reason == "":
		case reason != "":
			return fmt.Errorf("%s cannot %s in a closed world, and %s", n.machine.Node(), what, reason)
		default:
			return fmt.Errorf("%s cannot %s in a closed world, and is not ready after %v", n.machine.Node(), what, readyLimit)
		}
	}
	return nil
}
