//go:build long

package crdt_test

import (
	"context"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/nemesis"
)

// TestClaims: what a mode claims is never refuted, whatever the type, under all that the system suffers and under the default faults. docs/crdt.md
// has the last result.
func TestClaims(t *testing.T) {
	const seeds = 60 // of each family of types
	for _, mode := range []string{"state", "delta", "op"} {
		for _, faults := range []string{"all", "partition,crash"} {
			t.Run(mode+" "+faults, func(t *testing.T) {
				count := map[checker.Validity]int{}
				for _, family := range families {
					claims(t, mode, faults, family, seeds, count)
				}
				t.Logf("%d valid, %d invalid, %d unknown", count[checker.Valid], count[checker.Invalid], count[checker.Unknown])
			})
		}
	}
}

func claims(t *testing.T, mode, faults, family string, seeds uint64, count map[checker.Validity]int) {
	t.Helper()
	s := spec(mode, family, 20*time.Second)
	s.Intensity = 0.2
	var err error
	if s.Nemesis, err = nemesis.ParseFamilies(faults, s.Subject().Suffers); err != nil {
		t.Fatal(err)
	}
	numbers := func(yield func(uint64) bool) {
		for i := range seeds {
			if !yield(i + 1) {
				return
			}
		}
	}
	err = trial.AsTheyEnd(t.Context(), trial.Pool{}.Size(), numbers,
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
			if r.Verdict.Validity != checker.Valid {
				t.Errorf("%s, seed %d: %s", family, r.Seed, r.Verdict.Reason)
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
}
