//go:build !faultline_overlay

package guest

import (
	"faultline/cluster/network"
	"faultline/cluster/sim"
)

// Built says that this program was built with the overlay.
const Built = false

// On runs f in this goroutine as code of a host, in a program that was built with the overlay. It panics in any other.
func On(*network.Host, func()) { panic(notBuilt) }

// Go runs f as code of a host on a new goroutine.
func Go(*network.Host, func()) { panic(notBuilt) }

// Off ends all goroutines that belong to a host.
func Off(*network.Host) { panic(notBuilt) }

// Introduce has the code in this process find a host of the network by a name.
func Introduce(string, string) { panic(notBuilt) }

// Local is a process of a machine whose program runs on goroutines of this process of the operating system.
type Local struct{ sim.Program }

// Run starts a program on a machine, in a program that was built with the overlay. It panics in any other.
func Run(*sim.Process, string, func() error, func(error)) (*Local, error) { panic(notBuilt) }

// SetClock has the goroutines see the wall clock as it is on their machine now.
func (*Local) SetClock() { panic(notBuilt) }

const notBuilt = "guest: this program was not built with the overlay, see package overlay"
