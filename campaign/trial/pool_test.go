package trial

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"faultline/results"
	"faultline/world"
)

// fake is a runner whose trials take what time their seeds say, unless their context ends first.
type fake struct {
	takes func(seed uint64) time.Duration
	fails func(seed uint64) error // may be nil

	mu    sync.Mutex
	began []uint64
	late  int // trials that were begun after their context had ended
	now   atomic.Int64
	most  int64 // trials at once
}

func (f *fake) Run(ctx context.Context, in world.Input) (*Trial, error) {
	seed := in.Spec.Seed
	f.mu.Lock()
	f.began = append(f.began, seed)
	f.most = max(f.most, f.now.Add(1))
	if ctx.Err() != nil {
		f.late++
	}
	f.mu.Unlock()
	defer f.now.Add(-1)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(f.takes(seed)):
	}
	if f.fails != nil {
		if err := f.fails(seed); err != nil {
			return nil, err
		}
	}
	return &Trial{Run: results.Run{Seed: seed}}, nil
}

// seeds are inputs from seed 0 on.
func seeds(n int) iter.Seq[world.Input] {
	return func(yield func(world.Input) bool) {
		for i := range n {
			if !yield(world.Input{Spec: world.Spec{Seed: uint64(i)}}) {
				return
			}
		}
	}
}

// way is either of the two ways to run many trials.
type way func(ctx context.Context, workers int, tasks iter.Seq[world.Input], do func(context.Context, world.Input) (*Trial, error), take func(*Trial) error) error

var ways = map[string]way{"as they end": AsTheyEnd[world.Input, *Trial], "in order": InOrder[world.Input, *Trial]}

// uneven takes between nothing and six seconds of virtual time.
func uneven(seed uint64) time.Duration { return time.Duration(seed*seed%7) * time.Second }

// Every task is done once, and no more of them at once than there are workers.
func TestPoolDoesAll(t *testing.T) {
	for name, way := range ways {
		for workers := range 5 {
			synctest.Test(t, func(t *testing.T) {
				f, taken := &fake{takes: uneven}, []uint64(nil)
				if err := way(t.Context(), workers, seeds(30), f.Run, func(r *Trial) error { taken = append(taken, r.Seed); return nil }); err != nil {
					t.Fatal(err)
				}
				if f.most > int64(max(1, workers)) {
					t.Errorf("%s, %d workers: %d at once", name, workers, f.most)
				}
				if ordered := slices.IsSorted(taken); !ordered && name == "in order" {
					t.Errorf("taken in the order %v", taken)
				}
				slices.Sort(taken)
				if len(taken) != 30 || len(slices.Compact(taken)) != 30 {
					t.Errorf("%s, %d workers: taken %v", name, workers, taken)
				}
			})
		}
	}
}

// As they end, a result waits for none that ends later.
func TestPoolLetsNobodyWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, start := &fake{takes: uneven}, time.Now()
		err := AsTheyEnd(t.Context(), 8, seeds(8), f.Run, func(r *Trial) error {
			if at := time.Since(start); at != uneven(r.Seed) {
				t.Errorf("seed %d is taken after %v, not %v", r.Seed, at, uneven(r.Seed))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Once the context has ended no trial is begun, all that are under way have ended when the pool returns, what was
// finished has been taken, and the error is the cause.
func TestPoolThatIsEnded(t *testing.T) {
	cause := errors.New("interrupted")
	for name, way := range ways {
		rapid.Check(t, func(rt *rapid.T) {
			workers, after := rapid.IntRange(1, 5).Draw(rt, "workers"), rapid.IntRange(0, 20_500).Draw(rt, "after")
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				f, taken := &fake{takes: uneven}, map[uint64]bool{}
				finished := map[uint64]bool{}
				var mu sync.Mutex
				at := time.Duration(after)*time.Millisecond + time.Microsecond // never at an instant at which trials begin
				defer time.AfterFunc(at, func() { cancel(cause) }).Stop()
				err := way(ctx, workers, seeds(30), func(ctx context.Context, in world.Input) (*Trial, error) {
					r, err := f.Run(ctx, in)
					mu.Lock()
					defer mu.Unlock()
					finished[in.Spec.Seed] = err == nil
					return r, err
				}, func(r *Trial) error { taken[r.Seed] = true; return nil })
				if left := f.now.Load(); left != 0 {
					t.Errorf("%s: %d trials are still under way", name, left)
				}
				if f.late > 0 {
					t.Errorf("%s: %d trials were begun after the end", name, f.late)
				}
				if whole := len(taken) == 30; whole != (err == nil) || err != nil && !errors.Is(err, cause) {
					t.Errorf("%s: %v after %d trials", name, err, len(taken))
				}
				if name == "in order" {
					return // what has to wait for a trial that was killed is not taken
				}
				for seed, ok := range finished {
					if ok && !taken[seed] {
						t.Errorf("seed %d was finished and is lost", seed)
					}
				}
			})
		})
	}
}

// An error ends the work, with no further trial begun. In order it is the same one with any number of workers, and
// all that come before it are taken.
func TestPoolErrors(t *testing.T) {
	failed := map[uint64]error{11: errors.New("seed 11"), 17: errors.New("seed 17")}
	for workers := range 8 {
		synctest.Test(t, func(t *testing.T) {
			f, taken := &fake{takes: uneven, fails: func(seed uint64) error { return failed[seed] }}, []uint64(nil)
			err := InOrder(t.Context(), workers, seeds(1000), f.Run, func(r *Trial) error { taken = append(taken, r.Seed); return nil })
			if !errors.Is(err, failed[11]) || len(taken) != 11 || !slices.IsSorted(taken) {
				t.Errorf("in order, %d workers: %v after %v", workers, err, taken)
			}
			f.began = nil
			err = AsTheyEnd(t.Context(), workers, seeds(1000), f.Run, func(*Trial) error { return nil })
			if err == nil || len(f.began) > 11+6*max(1, workers) {
				t.Errorf("as they end, %d workers: %v after %d trials were begun", workers, err, len(f.began))
			}
		})
	}
}

// Whoever takes the results can end the work, for an error or because there are enough; as they end, what was finished
// at that instant is taken all the same.
func TestPoolOfWhichThereIsEnough(t *testing.T) {
	full := errors.New("the disk is full")
	for name, way := range ways {
		for end, want := range map[error]error{full: full, ErrEnough: nil} {
			synctest.Test(t, func(t *testing.T) {
				f, taken := &fake{takes: func(uint64) time.Duration { return time.Second }}, 0
				err := way(t.Context(), 3, seeds(1000), f.Run, func(*Trial) error {
					if taken++; taken == 4 {
						return end
					}
					return nil
				})
				if !errors.Is(err, want) || taken < 4 || taken > 6 || name == "in order" && taken > 4 || len(f.began) > 9 {
					t.Errorf("%s: %v after %d of %d", name, err, taken, len(f.began))
				}
			})
		}
	}
}

// Workers that really run at once share what the pool keeps: this is for the race detector.
func TestPoolUnderLoad(t *testing.T) {
	for name, way := range ways {
		sum := uint64(0)
		err := way(t.Context(), 8, seeds(10_000), func(_ context.Context, in world.Input) (*Trial, error) {
			runtime.Gosched()
			return &Trial{Run: results.Run{Seed: in.Spec.Seed}}, nil
		}, func(r *Trial) error { sum += r.Seed; return nil })
		if err != nil || sum != 9999*10_000/2 {
			t.Errorf("%s: %v, the sum is %d", name, err, sum)
		}
	}
}
