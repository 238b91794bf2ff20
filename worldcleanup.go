//go:build faultline_overlay

package faultline

import "testing"

// cleanUp does what is done when a test has ended.
func cleanUp(t *testing.T) { testing.FaultlineCleanup(t) }
