//go:build long

package byzantine_test

import (
	"testing"
	"time"

	"faultline/cluster/byzantine"
	"faultline/internal/kindtest"
)

// TestClaims: Bracha's broadcast survives one liar among four nodes, and two among seven, under all that the system suffers.
func TestClaims(t *testing.T) {
	s := kindtest.Under(t, spec("bracha", 4), "all")
	s.TimeLimit = 10 * time.Second
	kindtest.Kept(t, s, 1000, false)
	s.Nodes = 7
	c := byzantine.Kind().Config().(*byzantine.Config)
	c.Liars, c.Tolerated = 2, 2
	s.Config = c
	kindtest.Kept(t, s, 100, false)
}

// TestBugs: each is found within twenty seeds.
func TestBugs(t *testing.T) {
	for _, b := range byzantine.Kind().Bugs {
		kindtest.Found(t, spec("bracha", 4), b.Name, 20)
	}
}
