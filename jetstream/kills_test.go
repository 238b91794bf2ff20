package jetstream

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"faultline/campaign/remote"
	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	_ "faultline/cluster/kinds"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// fake runs trials without worlds, which take so long.
type fake time.Duration

func (f fake) Run(ctx context.Context, in world.Input) (*trial.Trial, error) {
	if f > 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(f)):
		}
	}
	t := &trial.Trial{Run: results.Run{Seed: in.Spec.Seed, Spec: []byte("{}")}}
	var err error
	if t.History, err = (&history.History{Header: history.Header{Replay: world.ReplayExact}, Events: []history.Event{{Type: history.Info, Process: history.Nemesis, F: "fake", Value: history.TextValue(fmt.Sprint(in.Spec.Seed))}}}).Tape(); err != nil {
		return nil, err
	}
	t.Digest = t.History.Digest()
	t.Verdict = checker.Conclude(checker.Part{Name: checker.TestedPart, Validity: checker.Valid, Reason: "it is a fake"})
	return t, nil
}

// mortal is a queue whose user can be killed: nothing of what it still says comes through.
type mortal struct {
	queue.Queue
	dead atomic.Bool
}

func (m *mortal) Answer(ctx context.Context, a queue.Answer) error {
	if m.dead.Load() {
		return queue.ErrClosed
	}
	return m.Queue.Answer(ctx, a)
}

func (m *mortal) Finish(ctx context.Context, t queue.Task) error {
	if m.dead.Load() {
		return queue.ErrClosed
	}
	return m.Queue.Finish(ctx, t)
}

func (m *mortal) Return(ctx context.Context, t queue.Task) error {
	if m.dead.Load() {
		return queue.ErrClosed
	}
	return m.Queue.Return(ctx, t)
}

// brief is a worker that is killed after a while.
func brief(t *testing.T, url string, lives time.Duration) {
	q, err := Open(t.Context(), queue.Server{URL: url, Lease: lease})
	if err != nil {
		time.Sleep(100 * time.Millisecond) // the server is down
		return
	}
	defer q.Close()
	m := &mortal{Queue: q}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(lives, func() {
		m.dead.Store(true)
		cancel()
		q.closing.Store(true)
		q.conn.Close() // what it has asked the server for is gone with it
	})
	_ = remote.Work(ctx, m, remote.WorkerOptions{Name: "w", Slots: 2, Bounds: world.Bounds{Memory: 1 << 30}, Lease: lease, Tell: func(string) {},
		Runner: func(world.Bounds, checker.Options) trial.Runner { return fake(10 * time.Millisecond) }})
}

// Three workers that are killed again and again, two coordinators of which the first is killed, and a server that is killed: every seed
// has one line, and it is its own. The long test has real worlds, and all in processes of their own.
func TestKillsOfFakes(t *testing.T) {
	const seeds = 200
	s := newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	for n := range uint64(3) {
		random := rand.New(rand.NewPCG(n, n))
		workers.Go(func() {
			for ctx.Err() == nil {
				brief(t, s.url, time.Duration(700+random.IntN(900))*time.Millisecond)
			}
		})
	}
	lines := map[uint64]results.Line{}
	first, stop := context.WithCancel(t.Context())
	campaign(first, t, s.url, seeds, lines, func() {
		if len(lines) == seeds/3 {
			stop()
		}
	})
	s.end(syscall.SIGKILL)
	s.start()
	campaign(t.Context(), t, s.url, seeds, lines, func() {})
	for seed := range uint64(seeds) {
		want, _ := fake(0).Run(t.Context(), world.Input{Spec: world.Spec{Seed: seed}})
		if lines[seed].Digest != want.History.Digest() {
			t.Errorf("seed %d: %+v", seed, lines[seed])
		}
	}
}

// campaign runs what has no line yet, until the context ends.
func campaign(ctx context.Context, t *testing.T, url string, seeds uint64, lines map[uint64]results.Line, then func()) {
	t.Helper()
	q, err := Open(t.Context(), queue.Server{URL: url, Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	c, err := remote.Coordinate(ctx, q, remote.Options{Campaign: "c", Bounds: world.Bounds{Memory: 1 << 30}, Tell: func(string) {},
		OnDifference: func(d remote.Difference) { t.Errorf("%+v", d) }})
	if err != nil {
		t.Fatal(err)
	}
	var left []uint64
	for seed := range seeds {
		if _, ok := lines[seed]; !ok {
			left = append(left, seed)
		}
	}
	err = trial.AsTheyEnd(ctx, 100, slices.Values(left), func(ctx context.Context, seed uint64) (trial.Summary, error) {
		return c.Summarize(ctx, trial.Task{Input: world.Input{Spec: world.Spec{Seed: seed}}})
	}, func(s trial.Summary) error {
		if _, ok := lines[s.Line.Seed]; ok {
			t.Errorf("seed %d counts twice", s.Line.Seed)
		}
		lines[s.Line.Seed] = s.Line
		s.Stored()
		then()
		return nil
	})
	if err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	if ctx.Err() == nil { // else it was killed
		if err := c.Close(t.Context(), true); err != nil {
			t.Error(err)
		}
	}
}
