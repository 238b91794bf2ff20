package remote

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	_ "faultline/cluster/kinds"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// fake runs trials that take some seconds and whose history says their seed, and what else is asked for.
type fake struct {
	takes time.Duration
	fails func(ctx context.Context, seed uint64) error // may be nil
	other string                                       // makes the history another

	mu  sync.Mutex
	ran map[uint64]int
}

func (f *fake) Run(ctx context.Context, in world.Input) (*trial.Trial, error) {
	f.mu.Lock()
	if f.ran == nil {
		f.ran = map[uint64]int{}
	}
	f.ran[in.Spec.Seed]++
	f.mu.Unlock()
	pause(ctx, f.takes)
	if f.fails != nil {
		if err := f.fails(ctx, in.Spec.Seed); err != nil {
			return nil, err
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	t := &trial.Trial{Run: results.Run{Seed: in.Spec.Seed, Spec: []byte("{}")}}
	var err error
	if t.History, err = (&history.History{Header: history.Header{Replay: world.ReplayExact}, Events: []history.Event{{Type: history.Info, Process: history.Nemesis, F: "fake", Value: history.TextValue(fmt.Sprint(in.Spec.Seed, f.other))}}}).Tape(); err != nil {
		return nil, err
	}
	t.Digest = t.History.Digest()
	t.Verdict = checker.Conclude(checker.Part{Name: checker.TestedPart, Validity: checker.Valid, Reason: "it is a fake"})
	return t, nil
}

// fakeWorker works at the queue until it is killed.
func fakeWorker(t *testing.T, m *memory, name string, slots int, runner trial.Runner) (kill func()) {
	q, g := m.join(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	go func() {
		defer close(ended)
		_ = Work(ctx, q, WorkerOptions{Name: name, Slots: slots, Bounds: world.Bounds{Memory: 1 << 30}, Tell: func(string) {},
			Runner: func(world.Bounds, checker.Options) trial.Runner { return runner }})
	}()
	return func() { g.kill(); cancel() }
}

func coordinate(t *testing.T, m *memory, o Options) (c *Coordinator, kill func()) {
	t.Helper()
	q, g := m.join(t)
	o.Campaign, o.Bounds.Memory = "c", 1<<30
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	c, err := Coordinate(t.Context(), q, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.ended(); c.all.Wait() })
	return c, g.kill
}

func input(seed uint64) trial.Task {
	return trial.Task{Input: world.Input{Spec: world.Spec{Seed: seed}}}
}

// Whoever is killed, every seed has one line, and it is its own: of trials that are sent one by one, and of those that are sent many at once.
func TestEverySeedHasItsLine(t *testing.T) {
	t.Run("one by one", func(t *testing.T) { everySeedHasItsLine(t, 3*time.Second, 60, 20) })
	t.Run("many at once", func(t *testing.T) { everySeedHasItsLine(t, 10*time.Millisecond, 600, 200) })
}

func everySeedHasItsLine(t *testing.T, takes time.Duration, seeds uint64, atOnce int) {
	for n := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			random, killing := rand.New(rand.NewPCG(n, n)), rand.New(rand.NewPCG(n, n+1))
			m, runner := &memory{objects: map[string][]byte{}}, &fake{takes: takes}
			var kills []func()
			for i := range 3 {
				kills = append(kills, fakeWorker(t, m, fmt.Sprint("w", i), 2, runner))
			}
			c, killCoordinator := coordinate(t, m, Options{})
			within := takes * time.Duration(seeds) / 45 // of one another and of the begin
			lines := map[uint64]string{}
			var mu sync.Mutex
			campaign := func(ctx context.Context, c *Coordinator) error {
				left := func(yield func(uint64) bool) {
					for seed := range seeds {
						mu.Lock()
						_, ok := lines[seed]
						mu.Unlock()
						if !ok && !yield(seed) {
							return
						}
					}
				}
				return trial.AsTheyEnd(ctx, atOnce, left, func(ctx context.Context, seed uint64) (trial.Summary, error) {
					return c.Summarize(ctx, input(seed))
				}, func(s trial.Summary) error {
					mu.Lock()
					defer mu.Unlock()
					if lines[s.Line.Seed] != "" {
						t.Errorf("seed %d is counted twice", s.Line.Seed)
					}
					lines[s.Line.Seed] = s.Line.Digest
					s.Stored()
					return nil
				})
			}
			var killer sync.WaitGroup
			killer.Go(func() {
				for range 8 {
					time.Sleep(time.Duration(killing.Int64N(int64(within))))
					who := killing.IntN(3)
					kills[who]()
					kills[who] = fakeWorker(t, m, fmt.Sprint("w", who), 2, runner)
				}
			})
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(5*within))))
			_ = campaign(ctx, c) // it is killed
			cancel()
			killCoordinator()
			c, _ = coordinate(t, m, Options{})
			if err := campaign(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			killer.Wait()
			for seed := range seeds {
				run, _ := (&fake{}).Run(t.Context(), input(seed).Input)
				if lines[seed] != run.History.Digest() {
					t.Errorf("seed %d: %.8s", seed, lines[seed])
				}
			}
			if err := c.Close(t.Context(), true); err != nil || len(m.tasks)+len(m.answers) > 0 {
				t.Errorf("%v: %d tasks and %d answers are left", err, len(m.tasks), len(m.answers))
			}
			for _, kill := range kills {
				kill()
			}
		})
	}
}

// A coordinator that comes after another takes up what was answered, and has nothing of it run again.
func TestWhatWasAnsweredIsTakenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, runner := &memory{}, &fake{takes: time.Second}
		kill := fakeWorker(t, m, "w", 1, runner)
		defer kill()
		c, killCoordinator := coordinate(t, m, Options{})
		for seed := range uint64(3) {
			if _, err := c.Summarize(t.Context(), input(seed)); err != nil {
				t.Fatal(err)
			}
		}
		killCoordinator() // before any of them was stored
		c, _ = coordinate(t, m, Options{})
		for seed := range uint64(4) {
			if _, err := c.Summarize(t.Context(), input(seed)); err != nil {
				t.Fatal(err)
			}
		}
		for seed, times := range runner.ran {
			if times != 1 {
				t.Errorf("seed %d was run %d times", seed, times)
			}
		}
	})
}

// A trial that ends every worker that runs it is unknown, and says why.
func TestATrialThatEndsItsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		var kills [9]func()
		for i := range kills {
			runner := &fake{fails: func(ctx context.Context, seed uint64) error {
				if seed == 7 {
					kills[i]()
				}
				return ctx.Err()
			}}
			kills[i] = fakeWorker(t, m, fmt.Sprint("w", i), 1, runner)
		}
		c, _ := coordinate(t, m, Options{})
		s, err := c.Summarize(t.Context(), input(7))
		if err != nil {
			t.Fatal(err)
		}
		if s.Line.Verdict != checker.Unknown || s.Line.Rule != checker.WorldPart || !strings.Contains(s.Line.Reason, "5 workers were lost while they ran it") {
			t.Errorf("%+v", s.Line)
		}
		if s, err := c.Summarize(t.Context(), input(8)); err != nil || s.Line.Verdict != checker.Valid {
			t.Errorf("the next: %+v, %v", s.Line, err)
		}
		for _, kill := range kills {
			kill()
		}
	})
}

// What a queue loses is published again.
func TestWhatTheQueueLoses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		c, _ := coordinate(t, m, Options{})
		go func() {
			time.Sleep(3 * time.Second)
			m.mu.Lock()
			m.tasks = nil
			m.mu.Unlock()
			fakeWorker(t, m, "w", 1, &fake{})
		}()
		if s, err := c.Summarize(t.Context(), input(1)); err != nil || s.Line.Seed != 1 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// While the server's disk is full nothing is published and nothing answered. Afterwards all goes on, and nobody was told of it as of a failure.
func TestAServerThatIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, runner := &memory{}, &fake{takes: 3 * time.Second}
		defer fakeWorker(t, m, "w", 1, runner)()
		told := make(chan string, 100)
		c, _ := coordinate(t, m, Options{Tell: func(line string) { told <- line }})
		fill := func(full bool) {
			m.mu.Lock()
			m.full = full
			m.mu.Unlock()
		}
		var filling sync.WaitGroup
		defer filling.Wait()
		filling.Go(func() {
			for _, full := range []bool{false, true, false, true, false} { // while the first is published, and while the third is answered
				fill(full)
				time.Sleep(8 * time.Second)
			}
		})
		time.Sleep(9 * time.Second)
		for seed := range uint64(4) {
			if s, err := c.Summarize(t.Context(), input(seed)); err != nil || s.Line.Verdict != checker.Valid {
				t.Errorf("%+v, %v", s.Line, err)
			}
		}
		if runner.ran[2] != 1 {
			t.Errorf("an answer that was not taken was made %d times", runner.ran[0])
		}
		if len(told) == 0 || !strings.Contains(<-told, "the queue does not take a trial, which is tried again: no space left") {
			t.Error("nobody was told why it takes so long")
		}
	})
}

// A worker that cannot do anything, as its disk is full, leaves its trials to others.
func TestAWorkerInTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		defer fakeWorker(t, m, "full", 2, &fake{fails: func(context.Context, uint64) error { return errors.New("no space left on device") }})()
		defer fakeWorker(t, m, "well", 1, &fake{takes: 100 * time.Millisecond})()
		c, _ := coordinate(t, m, Options{})
		for seed := range uint64(20) {
			if s, err := c.Summarize(t.Context(), input(seed)); err != nil || s.Line.Verdict != checker.Valid {
				t.Errorf("%+v, %v", s.Line, err)
			}
		}
	})
}

// A system that cannot be tested is refused as on this machine.
func TestARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		defer fakeWorker(t, m, "w", 1, &fake{fails: func(context.Context, uint64) error { return &cluster.RefusedError{Reason: "it makes a pipe"} }})()
		c, _ := coordinate(t, m, Options{})
		_, err := c.Run(t.Context(), input(1).Input)
		var refused *cluster.RefusedError
		if !errors.As(err, &refused) || refused.Reason != "it makes a pipe" {
			t.Error(err)
		}
	})
}

// Two workers that come to different histories of a seed are a finding about Faultline. The first counts.
func TestTwoHistoriesOfASeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		found := make(chan Difference, 2)
		c, _ := coordinate(t, m, Options{OnDifference: func(d Difference) { found <- d }})
		var published queue.Task
		kill := fakeWorker(t, m, "w1", 1, &fake{fails: func(context.Context, uint64) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			published = m.tasks[0].Task
			return nil
		}})
		s, err := c.Summarize(t.Context(), input(4))
		if err != nil {
			t.Fatal(err)
		}
		kill()
		q, g := m.join(t)
		defer q.Close()
		again := published
		w := &worker{queue: g, options: WorkerOptions{Tell: func(string) {}, Runner: func(world.Bounds, checker.Options) trial.Runner { return &fake{other: "!"} }, Lease: time.Second}, self: party("w2")}
		w.options.Bounds.Memory = 1 << 30
		again.Lost = 1 // it was somebody else's before
		if err := w.do(t.Context(), again); err != nil {
			t.Fatal(err)
		}
		d := <-found
		if d.Seed != 4 || d.First != s.Line.Digest || d.By != "w1" || d.SecondBy != "w2" || d.Second.Digest == d.First || d.Run == nil || d.Run.History.Digest() != d.Second.Digest {
			t.Errorf("%+v", d)
		}
	})
}

// The same input that is asked for again is run again: that is how shrink finds out whether a run repeats.
func TestRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, runner := &memory{}, &fake{}
		defer fakeWorker(t, m, "w", 1, runner)()
		c, _ := coordinate(t, m, Options{})
		for range 3 {
			if run, err := c.Run(t.Context(), input(1).Input); err != nil || run.History.Len() != 1 {
				t.Errorf("%+v, %v", run, err)
			}
		}
		if runner.ran[1] != 3 {
			t.Errorf("it was run %d times", runner.ran[1])
		}
	})
}

// A trial that nobody waits for any more is taken out of the queue.
func TestATrialThatIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		c, _ := coordinate(t, m, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Run(ctx, input(1).Input); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if len(m.tasks) > 0 {
			t.Errorf("%d are left", len(m.tasks))
		}
	})
}

// A worker serves a campaign of its own build, and says why it does not serve another.
func TestWhoIsRefused(t *testing.T) {
	mine := queue.Party{Build: "b1", Go: "go1.26.8", Machine: "linux/amd64"}
	for _, tt := range []struct {
		name                          string
		worker                        queue.Party
		mixedWorker, takes            bool
		mixedCampaign, bringsPrograms bool
		want                          string
	}{
		{"of the same build", mine, false, false, false, false, ""},
		{"of another build", queue.Party{Build: "b2", Go: "go1.26.8", Machine: "linux/amd64"}, false, false, false, false, "it is of build b2 and the campaign of b1: run the same file on both machines"},
		{"of another Go", queue.Party{Build: "b2", Go: "go1.26.7", Machine: "linux/amd64"}, false, false, false, false, "it was built with go1.26.7 and the campaign with go1.26.8"},
		{"another machine", queue.Party{Build: "b2", Go: "go1.26.8", Machine: "linux/arm64"}, true, false, false, false, "its machine is linux/arm64 and the campaign's is linux/amd64"},
		{"mixed on one side", mine, false, false, true, false, "the campaign mixes builds, and it does not: say --mixed to it"},
		{"mixed on both sides", queue.Party{Build: "b2", Go: "go1.26.7", Machine: "linux/arm64"}, true, false, true, false, ""},
		{"programs that it does not take", mine, false, false, false, true, "it takes none: say --accept-programs"},
		{"programs that it takes", mine, false, true, false, true, ""},
		{"programs, mixed", queue.Party{Build: "b2"}, true, false, true, true, "it takes none"},
		{"programs, mixed, that it takes", queue.Party{Build: "b2"}, true, true, true, true, ""},
	} {
		tt.worker.Lanes = lanes(tt.worker.Build, tt.mixedWorker, tt.takes)
		campaign := mine
		campaign.Lanes = []string{lane(mine.Build, tt.mixedCampaign, tt.bringsPrograms)}
		if got := refusal(tt.worker, campaign); got != tt.want && (tt.want == "" || !strings.Contains(got, tt.want)) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// A worker that no campaign may use ends, and says why.
func TestAWorkerOfNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		coordinate(t, m, Options{Name: "nightly", Mixed: true})
		q, _ := m.join(t)
		err := Work(t.Context(), q, WorkerOptions{Name: "w", Slots: 1})
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "this worker is refused by campaign nightly: the campaign mixes builds") {
			t.Error(err)
		}
	})
}
