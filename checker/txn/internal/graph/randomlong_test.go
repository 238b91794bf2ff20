//go:build long

package graph

import (
	"testing"

	"pgregory.net/rapid"
)

// TestCyclesAreShortestLong is TestCyclesAreShortest a thousand times.
func TestCyclesAreShortestLong(t *testing.T) {
	for range 1000 {
		rapid.Check(t, cyclesAreShortest)
	}
}
