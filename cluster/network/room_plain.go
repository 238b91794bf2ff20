//go:build !faultline_overlay

package network

// newRoom is memory for n things.
func newRoom[T any](n int) []T { return make([]T, n) }
