package foreign

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"faultline/cluster/foreign/build"
	"faultline/cluster/foreign/description"
	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// node is the program of a machine: a process of the store.
type node struct {
	machine *sim.Process
	process process
	roles   *roles

	ready   chan struct{} // closed when it takes clients, or does not say when
	settled sync.Once
}

// process is what a node runs in.
type process interface {
	sim.WritesBack
	Stop() error
	Refusals() []guest.Refusal
	Reason() string
	// Exited is closed when the process has ended.
	Exited() <-chan struct{}
}

// boot starts the store on a machine.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	n := &node{machine: p, ready: make(chan struct{})}
	n.roles = newRoles(s.config.Description.Log, p)
	dir := filepath.Join(s.env.Dir, p.Node())
	c, err := s.command(p.Node(), dir)
	if err != nil {
		return nil, err
	}
	c.Output = n.output(s.config.Description.Node.Ready)
	if n.process, err = s.start(p, c); err != nil {
		return nil, err
	}
	s.began(n)
	p.Go(func() { s.watch(n) })
	return n, nil
}

// start starts a node as a process of its own, or inside this one.
func (s *system) start(p *sim.Process, c guest.Command) (process, error) {
	if !s.config.inside() {
		return guest.Start(p, c, p.Others())
	}
	if program == nil {
		return nil, fmt.Errorf("this program is not linked with %s: it cannot have its nodes inside", s.config.Description.Name)
	}
	if len(c.Env) > 0 {
		return nil, fmt.Errorf("%s sets environment variables, which nodes inside one process share: run it with --processes many", s.config.Description.Name)
	}
	return guest.Run(p, c, func() error {
		// Nothing else runs until this goroutine waits, and a program reads its arguments before that.
		os.Args = append([]string{s.config.Description.Name}, c.Args...)
		program()
		os.Exit(0)
		return nil
	}, nil)
}

// command is how a node is started. The program is where the world finds it, seen from the node's directory.
func (s *system) command(name, dir string) (guest.Command, error) {
	v, d := s.variables(name), s.config.Description
	program, err := filepath.Rel(dir, filepath.Join(s.env.Dir, programs, build.Store))
	if err != nil {
		return guest.Command{}, fmt.Errorf("find the program of the store: %w", err)
	}
	c := guest.Command{Program: program, Dir: dir, Locks: s.config.Locks(), Calls: s.config.Calls()}
	if c.Args, err = texts(slices.Concat(d.Node.Args, s.mode.Args), v); err != nil {
		return c, err
	}
	if c.Files, err = named(d.Node.Files, v); err != nil {
		return c, err
	}
	env, err := named(d.Node.Env, v)
	if err != nil {
		return c, err
	}
	more, err := named(s.mode.Env, v)
	maps.Copy(env, more)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		c.Env = append(c.Env, name+"="+env[name])
	}
	return c, err
}

// programs is the directory of programs in that of a world.
const programs = "programs"

// texts are templates, carried out.
func texts(templates []description.Template, v description.Variables) ([]string, error) {
	var all []string
	for _, t := range templates {
		text, err := t.Execute(v)
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, nil
}

// named are templates with names, carried out.
func named(templates map[string]description.Template, v description.Variables) (map[string]string, error) {
	all := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		text, err := templates[name].Execute(v)
		if err != nil {
			return nil, err
		}
		all[name] = text
	}
	return all, nil
}

// isReady reports whether the node takes clients, or does not say when.
func (n *node) isReady() bool {
	select {
	case <-n.ready:
		return true
	default:
		return false
	}
}

// Role implements sim.Program.
func (n *node) Role() (role string, term uint64) { return n.roles.current() }

// Stop implements sim.Program.
func (n *node) Stop() error { return n.process.Stop() }

// WriteBack implements sim.WritesBack.
func (n *node) WriteBack() { n.process.WriteBack() }
