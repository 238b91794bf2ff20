//go:build long

package bbolt

import (
	"testing"

	"go.etcd.io/bbolt"

	"faultline/powerloss"
)

func TestTenThousandPowerLosses(t *testing.T) {
	c := config(bbolt.Options{})
	c.Losses = 10_000
	powerloss.Test(t, c)
}
