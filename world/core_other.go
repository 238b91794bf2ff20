//go:build !linux

package world

// onOneCore does nothing where processes cannot be kept on a core.
func onOneCore() (undo, release func()) { return func() {}, func() {} }
