package sim

import (
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"faultline/cluster/disk"
	"faultline/cluster/network"
)

// Process is one incarnation of a node: what runs on a machine from a start to a death.
type Process struct {
	cluster *Cluster
	machine *machine
	number  int
	host    *network.Host
	volume  *disk.Volume
	program Program // nil while it starts

	gate  gate
	done  chan struct{}
	group sync.WaitGroup
}

func newProcess(c *Cluster, m *machine, host *network.Host, volume *disk.Volume) *Process {
	return &Process{cluster: c, machine: m, number: m.started, host: host, volume: volume, done: make(chan struct{})}
}

// Node is the name of the machine.
func (p *Process) Node() string { return p.machine.name }

// Others are the names of the other machines.
func (p *Process) Others() []string {
	var names []string
	for _, m := range p.cluster.machines {
		if m != p.machine {
			names = append(names, m.name)
		}
	}
	return names
}

// Number is 1 for the first process of a node, which starts from nothing with the cluster, 2 for the next, and so on.
func (p *Process) Number() int { return p.number }

// Host is the process's network.
func (p *Process) Host() *network.Host { return p.host }

// Volume is the process's disk.
func (p *Process) Volume() *disk.Volume { return p.volume }

// Log takes lines for the node's log, one a write. What is left of a dead process is not heard.
func (p *Process) Log() io.Writer { return voice{p.machine.log, p.Dead} }

// Now is what the machine's clock shows, which can be wrong. Timers do not follow it.
func (p *Process) Now() time.Time { return p.machine.clock.now() }

// Rand returns the generator of one of the process's sources of randomness. Each process of a node has others.
func (p *Process) Rand(source string) *rand.Rand {
	return p.cluster.generator(fmt.Sprintf("%s of %s, process %d", source, p.machine.name, p.number))
}

// Go runs f on a goroutine of the process. It has to return soon after the process has died; Stop waits for it.
func (p *Process) Go(f func()) { p.group.Go(f) }

// Done is closed when the process dies.
func (p *Process) Done() <-chan struct{} { return p.done }

// Dead reports whether the process has died.
func (p *Process) Dead() bool { return p.host.Down() }

// Became records that the program has taken another role, at the instant at which it does.
func (p *Process) Became(role string, term uint64) {
	p.cluster.track.role(p.machine.name, role, term, p.Dead)
}

// Reach says that the process is at a crash point, where it dies if it is to.
func (p *Process) Reach(point string) { p.volume.Reach(disk.Point(point)) }

// Die ends the process on its own goroutine, as a panic does: it cannot go on, for a reason. The goroutine then goes on into
// the void. What is left of a dead process does not die again.
func (p *Process) Die(reason string) {
	if !p.Dead() {
		p.cluster.die(p.machine, "panic", reason)
	}
}

// cutOff has the host and the timers of the process do nothing any more.
func (p *Process) cutOff(host func(*network.Host)) {
	host(p.host)
	p.gate.shut(func() { close(p.done) })
}

// finish waits until what is left of a process that was cut off has ended.
func (p *Process) finish() error {
	err := p.program.Stop()
	p.group.Wait()
	return err
}
