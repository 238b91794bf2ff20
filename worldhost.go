package faultline

import (
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"faultline/cluster/guest"
	"faultline/cluster/network"
	"faultline/cluster/sim"
	"faultline/world"
)

// Host is a machine of a world: a node, which suffers faults, or a client, which suffers only what they do to its connections.
type Host struct {
	w    *W
	name string
	dir  string
	main func() error

	// mu guards what follows. Nobody waits while holding it.
	mu      sync.Mutex
	network *network.Host // of the latest process
	process *sim.Process  // the latest; nil on a client
	program *guest.Local
	onExit  func(error)
}

// Host starts a program on a new machine. All that main starts belongs to the machine's process, which can be killed, and which
// runs main again when it is restarted. main may return nil when it has started what serves; the process lives on.
// An error that it returns ends the process, as a panic and os.Exit do, and fails the test unless OnExit says otherwise.
//
// Others reach the machine by its name. All hosts must be there before the first fault.
func (w *W) Host(name string, main func() error) *Host {
	w.Helper()
	h := &Host{w: w, name: name, dir: filepath.Join(world.Own, "hosts", name), main: main}
	if w.faults.begun() {
		w.Fatalf("faultline: the host %s comes after the first fault, which may have been meant for it", name)
	}
	guest.Introduce(name, name)
	w.mu.Lock()
	w.hosts = append(w.hosts, h)
	w.mu.Unlock()
	var err error
	if w.cluster != nil {
		err = w.cluster.Add(name)
	} else {
		err = w.begin(name)
	}
	if err != nil {
		w.Fatalf("faultline: start the host %s: %v", name, err)
	}
	return h
}

// begin starts the first machine.
func (w *W) begin(name string) error {
	c, err := sim.New(sim.Config{Seed: w.seed, Dir: filepath.Join(world.Own, "disks"), Nodes: []string{name}, Hardware: sim.Hardware{}.WithDefaults(),
		Boot: w.boot, Guests: true, CrashPoints: guest.CrashPoints()})
	if err != nil {
		return err
	}
	w.cluster = c
	c.OnDeath(w.faults.died)
	return c.Start()
}

// boot starts the program of a machine's process.
func (w *W) boot(p *sim.Process) (sim.Program, error) {
	h := w.host(p.Node())
	program, err := guest.Run(p, guest.Command{Dir: h.dir}, h.main, h.exited)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.network, h.process, h.program = p.Host(), p, program
	return program, nil
}

// host is the node of a name; nil if there is none.
func (w *W) host(name string) *Host {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.hosts {
		if h.name == name {
			return h
		}
	}
	return nil
}

// nodes names the hosts that are no clients.
func (w *W) nodes() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for _, h := range w.hosts {
		names = append(names, h.name)
	}
	return names
}

// Client is a new machine with nothing on it, whose code is what Do and Go are given. A world needs a host before its first client.
func (w *W) Client(name string) *Host {
	w.Helper()
	if w.cluster == nil {
		w.Fatalf("faultline: the client %s comes before the first host", name)
	}
	w.mu.Lock()
	w.clients++
	id := w.clients
	w.mu.Unlock()
	n := w.cluster.Client(id)
	guest.Introduce(name, n.Name())
	return &Host{w: w, name: name, network: n}
}

// Cut cuts a client off from hosts, in both directions, until Mend. Nodes are cut off from each other by a fault.
func (h *Host) Cut(from ...*Host) { h.eachLink(from, h.w.cluster.Cut) }

// Mend undoes Cut.
func (h *Host) Mend(with ...*Host) { h.eachLink(with, h.w.cluster.Mend) }

// eachLink does something to the links of a client to hosts and back.
func (h *Host) eachLink(others []*Host, do func(from, to string)) {
	h.w.Helper()
	if h.process != nil {
		h.w.Fatalf("faultline: %s is no client: its links are cut by a fault, such as \"partition %s | rest\"", h.name, h.name)
	}
	for _, other := range others {
		do(h.network.Name(), other.name)
		do(other.name, h.network.Name())
	}
}

// Name is the host's name.
func (h *Host) Name() string { return h.name }

// OnExit says what is done when the program ends by itself, with why: that it may. Without it that fails the test.
func (h *Host) OnExit(f func(error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.onExit = f
}

// exited is told of a program that ends by itself.
func (h *Host) exited(err error) {
	h.mu.Lock()
	f := h.onExit
	h.mu.Unlock()
	if f != nil {
		f(err)
		return
	}
	h.w.Errorf("faultline: %s ended after %v: %v", h.name, h.w.Since(), err)
}

// Up reports whether the host has a process.
func (h *Host) Up() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.process == nil || !h.process.Dead()
}

// setClock shows the program the clock of its machine.
func (h *Host) setClock() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.process.Dead() {
		h.program.SetClock()
	}
}

// Go runs f as code of the host, on a goroutine of its own. If the host is down nothing happens.
func (h *Host) Go(f func()) {
	h.mu.Lock()
	n := h.network
	h.mu.Unlock()
	if !n.Down() {
		guest.Go(n, f)
	}
}

// Do runs f as code of the host and waits for its end. If the host is down, or goes down before f has returned, the error says so.
// f may end the test by FailNow.
func (h *Host) Do(f func()) error {
	h.mu.Lock()
	n, process := h.network, h.process
	h.mu.Unlock()
	var dead <-chan struct{} // of a client, which does not die
	if process != nil {
		//lint:ignore SA4006 it is used, by programs that are built with the overlay: in others guest.Go does not return
		dead = process.Done()
	}
	if n.Down() {
		return fmt.Errorf("%s is down", h.name)
	}
	done, returned := make(chan struct{}), false
	guest.Go(n, func() {
		defer close(done)
		f()
		returned = true
	})
	select {
	case <-done:
	case <-dead:
		return fmt.Errorf("%s went down", h.name)
	}
	if !returned {
		runtime.Goexit() // as f has done
	}
	return nil
}
