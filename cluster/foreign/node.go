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
	process *guest.Process
	roles   *roles

	ready   chan struct{} // closed when it takes clients, or does not say when
	settled sync.Once
}

// boot starts the store on a machine.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	n := &node{machine: p, ready: make(chan struct{})}
	n.roles = newRoles(s.config.Description.Log, p)
	dir := filepath.Join(s.env.Dir, p.Node())
	files, err := s.files(p.Node())
	if err == nil {
		err = provide(p, dir, files)
	}
	if err != nil {
		return nil, fmt.Errorf("write the files of a node: %w", err)
	}
	s.declareParts(p.Volume())
	c, err := s.command(p.Node(), dir)
	if err != nil {
		return nil, err
	}
	c.Output = n.output(s.config.Description.Node.Ready)
	if n.process, err = guest.Start(p, c, p.Others()); err != nil {
		return nil, err
	}
	p.Go(func() { s.watch(n) })
	return n, nil
}

// command is how a node is started. The program is where the world finds it, seen from the node's directory.
func (s *system) command(name, dir string) (guest.Command, error) {
	v, d := s.variables(name), s.config.Description
	program, err := filepath.Rel(dir, filepath.Join(s.env.Dir, programs, build.Store))
	c := guest.Command{Program: program, Dir: dir}
	for _, arg := range slices.Concat(d.Node.Args, s.mode.Args) {
		var text string
		if err == nil {
			text, err = arg.Execute(v)
		}
		c.Args = append(c.Args, text)
	}
	env := maps.Clone(d.Node.Env)
	if env == nil {
		env = map[string]description.Template{}
	}
	maps.Copy(env, s.mode.Env)
	for _, variable := range slices.Sorted(maps.Keys(env)) {
		var text string
		if err == nil {
			text, err = env[variable].Execute(v)
		}
		c.Env = append(c.Env, variable+"="+text)
	}
	return c, err
}

// programs is the directory of programs in that of a world.
const programs = "programs"

// file is one that a node has before it starts for the first time.
type file struct {
	name string
	text string
}

// files are those of a node.
func (s *system) files(node string) ([]file, error) {
	v, templates := s.variables(node), s.config.Description.Node.Files
	var all []file
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		text, err := templates[name].Execute(v)
		if err != nil {
			return nil, err
		}
		all = append(all, file{name, text})
	}
	return all, nil
}

// provide writes files that a node does not have: to its disk, and where its program sees them.
func provide(p *sim.Process, dir string, files []file) error {
	for _, f := range files {
		if _, err := p.Volume().ReadFile(f.name); err == nil {
			continue
		}
		if err := store(p, f); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(f.text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// store makes a file durable.
func store(p *sim.Process, f file) error {
	out, err := p.Volume().Create(f.name)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := out.Write([]byte(f.text)); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	return p.Volume().SyncDir()
}

// Role implements sim.Program.
func (n *node) Role() (role string, term uint64) { return n.roles.current() }

// Stop implements sim.Program.
func (n *node) Stop() error { return n.process.Stop() }
