//go:build long

package claims

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"faultline/cluster"
)

var seeds = flag.Uint64("seeds", 40, "worlds of each case")

// TestClaims looks for counter-examples in many worlds: under each family of faults that a mode withstands, under all of them at once,
// and under every fault there is for what it keeps whatever happens. It says which families break a claim on their own; some do so only
// together, or hardly ever. docs/consistency.md has the last result.
func TestClaims(t *testing.T) {
	eachModeOfOurs(t, func(t *testing.T, kind cluster.Kind, mode cluster.Mode) {
		s := search(kind, *seeds)
		cases := Withstood(kind, mode)
		for _, c := range cases {
			withstands(t, s, c, promised(mode))
		}
		if survives(mode) {
			withstands(t, s, Survived(kind, mode), mode.Keeps)
		}
		var shown []string
		for _, family := range mode.BrokenBy {
			found, err := s.Refute(t.Context(), Case{Mode: mode, Families: []string{family}}, promised(mode))
			if err != nil {
				t.Fatal(err)
			}
			if found != nil {
				shown = append(shown, fmt.Sprintf("%s (seed %d)", family, found.Seed))
			}
		}
		t.Logf("kept in %d cases of %d worlds; broken by %s", len(cases)+1, *seeds, strings.Join(shown, ", "))
	})
}
