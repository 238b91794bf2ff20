//go:build !faultline_overlay

package scheduler

// Built says that this program was built with the overlay.
const Built = false

// Holds reports whether hosts can be held.
func Holds() bool { return false }

// New returns a host that no goroutine belongs to. It panics in a program that was built without the overlay, and so do the
// methods of a Host but Leave.
func New() Host { panic(notBuilt) }

// Go runs f on a new goroutine of the host.
func (Host) Go(func()) { panic(notBuilt) }

// Hold has no goroutine of the host run until Release.
func (Host) Hold() { panic(notBuilt) }

// Release undoes Hold.
func (Host) Release() { panic(notBuilt) }

// End has no goroutine of the host ever run again.
func (Host) End() { panic(notBuilt) }

// Enter has this goroutine belong to the world until Leave is called on what it returns.
func Enter() Host { return World }

// Call is Enter for what changes something that outlasts the host.
func Call() Host { return World }

// Leave undoes Enter.
func (Host) Leave() {}

// SetJitter has goroutines of hosts wait before they take a mutex, and before a Call.
func SetJitter(_, _ Jitter) { panic(notBuilt) }

const notBuilt = "scheduler: this program was not built with the overlay, see package overlay"
