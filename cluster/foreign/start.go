package foreign

import "time"

// readyLimit bounds how long the test waits for nodes that say when they are ready. One that is not by then may still come.
const readyLimit = 30 * time.Second

// Start starts all nodes, and waits for those that say when they are ready. A program that ends or is not ready, and wanted to do
// what it cannot do in a world, is refused: no test of it would say anything.
func (s *system) Start() error {
	if err := s.tryClient(); err != nil {
		return err
	}
	if err := s.Cluster.Start(); err != nil {
		return err
	}
	limit := time.After(readyLimit)
	for _, n := range s.started() {
		select {
		case <-n.ready:
		case <-n.process.Exited():
		case <-limit:
			limit = closed
		}
	}
	if err := s.unable(); err != nil {
		return err
	}
	s.bear()
	return nil
}

// closed is a limit that has passed.
var closed = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()
