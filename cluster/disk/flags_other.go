//go:build !linux

package disk

// Package syscall has these flags on Linux only.
const dataSync, directIO = 0, 0
