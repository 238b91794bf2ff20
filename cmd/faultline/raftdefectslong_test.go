//go:build long

package main

import (
	"slices"
	"testing"
)

// The rest of TestDefectsOfRaft.
func TestSlowDefectsOfRaft(t *testing.T) {
	reproduce(t, func(name string) bool { return slices.Contains(slow, name) })
}
