//go:build long

package primary_test

import (
	"context"
	"iter"
	"testing"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/nemesis"
	"faultline/world"
)

// TestClaims: what a mode keeps is never refuted, under all that the system suffers and under the default faults. Of the modes
// that keep no more than eventual a run is unknown now and then: if all that is left in the end was written by operations of which
// nobody knows. docs/primary.md has the last result.
func TestClaims(t *testing.T) {
	const seeds = 1000
	for _, mode := range []string{"fenced", "sync", "semisync", "async"} {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(mode+" "+families, func(t *testing.T) {
				s := spec(mode)
				s.Intensity = 0.2
				if mode != "fenced" {
					s.Options.ConsistencyModels = []string{"eventual"}
				}
				var err error
				if s.Nemesis, err = nemesis.ParseFamilies(families, s.Subject().Suffers); err != nil {
					t.Fatal(err)
				}
				claims(t, s, seeds)
			})
		}
	}
}

func claims(t *testing.T, s world.Spec, seeds uint64) {
	t.Helper()
	count := map[checker.Validity]int{}
	err := trial.AsTheyEnd(t.Context(), trial.Pool{}.Size(), numbers(seeds),
		func(ctx context.Context, seed uint64) (*trial.Trial, error) {
			one := s
			one.Seed = seed
			in, err := trial.Draw(one, "")
			if err != nil {
				return nil, err
			}
			return trial.Local{}.Run(ctx, in)
		},
		func(r *trial.Trial) error {
			count[r.Verdict.Validity]++
			if v := r.Verdict.Validity; v == checker.Invalid || v == checker.Unknown && s.Mode == "fenced" {
				t.Errorf("seed %d: %s", r.Seed, r.Verdict.Reason)
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d valid, %d invalid, %d unknown", count[checker.Valid], count[checker.Invalid], count[checker.Unknown])
}

// numbers are 1 to n.
func numbers(n uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i := range n {
			if !yield(i + 1) {
				return
			}
		}
	}
}
