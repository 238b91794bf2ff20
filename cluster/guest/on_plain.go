//go:build !faultline_overlay

package guest

import "faultline/cluster/network"

// Built says that this program was built with the overlay.
const Built = false

// On runs f in this goroutine as code of a host, in a program that was built with the overlay. It panics in any other.
func On(*network.Host, func()) { panic(notBuilt) }

// Off ends all goroutines that belong to a host.
func Off(*network.Host) { panic(notBuilt) }

const notBuilt = "guest: this program was not built with the overlay, see package overlay"
