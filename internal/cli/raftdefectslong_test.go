//go:build long

package cli

import (
	"slices"
	"testing"
)

// The rest of TestDefectsOfRaft.
func TestSlowDefectsOfRaft(t *testing.T) {
	reproduce(t, defectsOfRaft, func(name string) bool { return slices.Contains(slow, name) })
}
