//go:build long

package pebble

import (
	"testing"

	"faultline/powerloss"
)

func TestTenThousandPowerLosses(t *testing.T) {
	c := onVolume(honest)
	c.Losses = 10_000
	powerloss.Test(t, c)
}
