package sim

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"faultline/cluster/disk"
	"faultline/cluster/network"
	"faultline/cluster/scheduler"
)

// Process is one incarnation of a node, from its start to its death.
type Process struct {
	cluster *Cluster
	machine *machine
	number  int
	host    *network.Host
	volume  *disk.Volume
	program Program // nil while it starts

	// held is the process to the scheduler, if that can hold its goroutines; else World. While they are held was is the role that the
	// program had: a goroutine may have stopped with a lock that Role takes.
	held scheduler.Host
	was  struct {
		role string
		term uint64
	}

	gate  gate
	done  chan struct{}
	group sync.WaitGroup
}

func newProcess(c *Cluster, m *machine, host *network.Host, volume *disk.Volume) *Process {
	return &Process{cluster: c, machine: m, number: m.started, host: host, volume: volume, done: make(chan struct{})}
}

// Node is the name of the machine.
func (p *Process) Node() string { return p.machine.name }

// Nodes are the names of the machines of its group, in order.
func (p *Process) Nodes() []string {
	var names []string
	for _, m := range p.cluster.machines {
		if p.cluster.together(m.name, p.machine.name) {
			names = append(names, m.name)
		}
	}
	return names
}

// Others are the names of the other machines of its group.
func (p *Process) Others() []string {
	return slices.DeleteFunc(p.Nodes(), func(name string) bool { return name == p.machine.name })
}

// Owner deals the numbers from 1 on out to the machines of its group in turn: who may use one as its epoch, ballot or view.
func (p *Process) Owner(number uint64) string {
	nodes := p.Nodes()
	count := uint64(len(nodes))
	return nodes[(number+count-1)%count]
}

// Number counts the processes of a node, from 1. The first starts with the cluster, from nothing.
func (p *Process) Number() int { return p.number }

// Host is the process's network.
func (p *Process) Host() *network.Host { return p.host }

// Volume is the process's disk.
func (p *Process) Volume() *disk.Volume { return p.volume }

// Log takes lines for the node's log, one a write. What is left of a dead process is not heard.
func (p *Process) Log() io.Writer { return voice{p.machine.log, p.Dead} }

// Now is what the machine's clock shows, which can be wrong. Timers do not follow it.
func (p *Process) Now() time.Time {
	defer scheduler.Enter().Leave()
	return p.machine.clock.now()
}

// WallTime is Now as the time since the start of the test, as a right clock counts it.
func (p *Process) WallTime() time.Duration { return p.Now().Sub(p.cluster.start) }

// Rand returns the generator of one of the process's sources of randomness. Each process of a node has others.
func (p *Process) Rand(source string) *rand.Rand {
	return p.cluster.generator(fmt.Sprintf("%s of %s, process %d", source, p.machine.name, p.number))
}

// Go runs f on a goroutine. It has to return soon after the process has died: the cluster waits for it, unless the scheduler
// has ended it.
func (p *Process) Go(f func()) {
	if p.held != scheduler.World {
		p.held.Go(f)
		return
	}
	p.group.Go(f)
}

// Done is closed when the process dies.
func (p *Process) Done() <-chan struct{} { return p.done }

// Dead reports whether the process has died.
func (p *Process) Dead() bool { return p.host.Down() }

// Became records another role of the program, and its term, at the instant of the change.
func (p *Process) Became(role string, term uint64) {
	defer scheduler.Enter().Leave()
	p.cluster.track.role(p.machine.name, role, term, p.Dead)
}

// Entered records that the program, in whatever role it has, is in another term, at the instant of the change.
func (p *Process) Entered(term uint64) {
	defer scheduler.Enter().Leave()
	p.cluster.track.term(p.machine.name, term, p.Dead)
}

// Reach says that the process is at a crash point. It dies there if that was asked for.
func (p *Process) Reach(point string) { p.volume.Reach(disk.Point(point)) }

// Die ends the process because it cannot go on, as a panic would. The goroutine that calls it then goes on into the void. A
// dead process does not die again.
func (p *Process) Die(reason string) {
	defer scheduler.Enter().Leave()
	if !p.Dead() {
		p.cluster.die(p.machine, "panic", reason)
	}
}

// cutOff ends the host, in the given way, and the timers of the process.
func (p *Process) cutOff(host func(*network.Host)) {
	host(p.host)
	p.gate.shut(func() { close(p.done) })
}

// finish waits until what is left of a process that was cut off has ended. Of one that the scheduler has ended nothing is left that could
// take its time.
func (p *Process) finish() error {
	if p.held != scheduler.World {
		return nil
	}
	err := p.program.Stop()
	p.group.Wait()
	return err
}
