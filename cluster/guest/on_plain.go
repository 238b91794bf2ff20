//go:build !faultline_overlay

package guest

import (
	"time"

	"faultline/cluster/network"
	"faultline/cluster/sim"
)

// On runs f in this goroutine as code of a host, in a program that was built with the overlay. It panics in any other.
func On(*network.Host, func()) { panic(notBuilt) }

// Go runs f as code of a host on a new goroutine.
func Go(*network.Host, func()) { panic(notBuilt) }

// Off ends all goroutines that belong to a host.
func Off(*network.Host) { panic(notBuilt) }

// Introduce has the code in this process find a host of the network by a name.
func Introduce(string, string) { panic(notBuilt) }

// Now is the time of the world, whoever asks.
func Now() time.Time { return time.Now() }

// Local is a process of a machine whose program runs on goroutines of this process of the operating system.
type Local struct{ sim.Program }

// Run starts a program on a machine, in a program that was built with the overlay. It panics in any other.
func Run(*sim.Process, Command, func() error, func(error)) (*Local, error) { panic(notBuilt) }

// WriteBack implements sim.WritesBack.
func (*Local) WriteBack() { panic(notBuilt) }

// Refusals are what the program wanted to do and cannot do in a world.
func (*Local) Refusals() []Refusal { panic(notBuilt) }

// Reason is why the process has ended by itself.
func (*Local) Reason() string { panic(notBuilt) }

// Exited is closed when the process has ended.
func (*Local) Exited() <-chan struct{} { panic(notBuilt) }

// SetClock has the goroutines see the wall clock as it is on their machine now.
func (*Local) SetClock() { panic(notBuilt) }

const notBuilt = "guest: this program was not built with the overlay, see package overlay"
