//go:build long

package commitlog_test

import (
	"context"
	"testing"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/nemesis"
)

// TestClaims: what is claimed whatever happens is never refuted, under all that the system suffers and under the default faults.
// docs/log.md has the last result.
func TestClaims(t *testing.T) {
	const seeds = 1000
	for _, families := range []string{"all", "partition,crash"} {
		t.Run(families, func(t *testing.T) {
			s := spec("idempotent")
			s.Intensity = 0.2
			var err error
			if s.Nemesis, err = nemesis.ParseFamilies(families, s.Subject().Suffers); err != nil {
				t.Fatal(err)
			}
			count := map[checker.Validity]int{}
			err = trial.AsTheyEnd(t.Context(), trial.Pool{}.Size(), func(yield func(uint64) bool) {
				for seed := uint64(1); seed <= seeds && yield(seed); seed++ {
				}
			}, func(ctx context.Context, seed uint64) (*trial.Trial, error) {
				one := s
				one.Seed = seed
				in, err := trial.Draw(one, "")
				if err != nil {
					return nil, err
				}
				return trial.Local{}.Run(ctx, in)
			}, func(r *trial.Trial) error {
				if count[r.Verdict.Validity]++; r.Verdict.Validity != checker.Valid {
					t.Errorf("seed %d: %s", r.Seed, r.Verdict.Reason)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d valid", count[checker.Valid])
		})
	}
}
