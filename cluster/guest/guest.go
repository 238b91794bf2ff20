// Package guest runs unmodified Go programs on simulated machines.
package guest

import (
	"errors"
	"fmt"
	"io"
	"net/netip"

	"faultline/cluster/network"
	"faultline/cluster/sim"
)

// Command is what a process runs.
type Command struct {
	Program string   // the path of a program that was built with the overlay, seen from Dir
	Args    []string // without the program's name
	Env     []string
	Dir     string            // the machine's real directory, where the program starts
	Files   map[string]string // are written to the disk before the program starts there for the first time, by name
	Output  io.Writer         // is told each line that the program prints; nil for the machine's log
}

// Process is a guest that is a process of the operating system.
type Process struct{ exited chan struct{} }

var errNotBuilt = errors.New("this program was not built with the overlay, see package overlay")

// Start runs a program on a machine. Hosts are the names of all others, which it can resolve.
func Start(p *sim.Process, c Command, hosts []string) (*Process, error) { return nil, errNotBuilt }

// Exited is closed when the process has ended, or runs no more.
func (g *Process) Exited() <-chan struct{} { return g.exited }

// Stop kills the process, if it runs, and waits for its end.
func (g *Process) Stop() error { return nil }

// Address is the address of a host.
func Address(host string) netip.Addr {
	var n byte
	if _, err := fmt.Sscanf(host, "n%d", &n); err != nil {
		return netip.Addr{}
	}
	return netip.AddrFrom4([4]byte{10, 0, 0, n})
}

// On runs f in this goroutine as code of a host.
func On(_ *network.Host, f func()) { f() }

// Off ends all goroutines that belong to a host.
func Off(*network.Host) {}
