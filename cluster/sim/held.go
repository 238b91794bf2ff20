package sim

import "faultline/cluster/scheduler"

// holds reports whether the scheduler can hold the goroutines of processes.
func (c *Cluster) holds() bool { return scheduler.Holds() && !c.config.Guests }

// run starts the program of a process, as code of the process where its goroutines can be held. Such a process may die in there: then
// the goroutine never comes back.
func (c *Cluster) run(p *Process) (err error) {
	if !c.holds() {
		p.program, err = c.config.Boot(p)
		return err
	}
	p.held = scheduler.New()
	p.Holds(p.held)
	started := make(chan struct{})
	p.held.Go(func() {
		p.program, err = c.config.Boot(p)
		close(started)
	})
	select {
	case <-started:
		return err
	case <-p.done:
		return errStarting
	}
}

// role is the program's role. One that is held is not asked, and has the one that it had.
func (p *Process) role() (role string, term uint64) {
	if p.held != scheduler.World && p.machine.paused {
		return p.was.role, p.was.term
	}
	return p.program.Role()
}
