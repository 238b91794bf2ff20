// Package plain has a test in a world that is no part of the tests of faultline test alone: go test must not pass it.
package plain

import (
	"testing"

	"faultline"
)

func TestWorld(t *testing.T) { faultline.World(t, 1, func(*faultline.W) {}) }
