//go:build !linux

package main

// onOneCore does nothing where processes cannot be kept on a core.
func onOneCore() (undo func()) { return func() {} }
