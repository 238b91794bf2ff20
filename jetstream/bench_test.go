package jetstream

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"faultline/campaign/remote"
	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/nemesis"
	"faultline/world"
)

// What a trial costs everybody but its world: server, coordinator and a worker, and the pipes between them, in one process. The inputs are
// those of a campaign of the default command. Trials that do nothing are sent many at once; those that take as long as a batch should are sent
// one by one, as worlds are.
//
//	go test -run '^$' -bench Trials/many -benchtime 500000x
//	go test -run '^$' -bench Trials/one -benchtime 20000x
func BenchmarkTrials(b *testing.B) {
	b.Run("many at once", func(b *testing.B) { benchmarkTrials(b, 0, 2) })
	b.Run("one by one", func(b *testing.B) { benchmarkTrials(b, 100*time.Millisecond, 200) })
}

// idle runs trials that take a while, but no processor.
type idle struct {
	takes time.Duration
	trial trial.Trial // but for the seed and the digest
}

func newIdle(b *testing.B, takes time.Duration) *idle {
	t, err := fake(0).Run(b.Context(), world.Input{})
	if err != nil {
		b.Fatal(err)
	}
	return &idle{takes, *t}
}

func (r *idle) Run(_ context.Context, in world.Input) (*trial.Trial, error) {
	if r.takes > 0 {
		time.Sleep(r.takes)
	}
	t := r.trial
	t.Seed, t.Digest = in.Spec.Seed, fmt.Sprintf("%064x", in.Spec.Seed)
	return &t, nil
}

func benchmarkTrials(b *testing.B, takes time.Duration, slots int) {
	runner := newIdle(b, takes)
	here := piped(b, queue.Server{URL: queue.Embedded, Dir: b.TempDir()})
	there := piped(b, queue.Server{URL: here.Where()})
	ctx, cancel := context.WithCancel(b.Context())
	var worker sync.WaitGroup
	defer worker.Wait()
	defer cancel()
	tell := func(line string) { b.Log(line) }
	worker.Go(func() {
		err := remote.Work(ctx, there, remote.WorkerOptions{Name: "w", Slots: slots, Bounds: world.Bounds{Memory: 1 << 30}, Tell: tell,
			Runner: func(world.Bounds, checker.Options) trial.Runner { return runner }})
		if err != nil {
			b.Error(err)
		}
	})
	c, err := remote.Coordinate(ctx, here, remote.Options{Campaign: "c", Bounds: world.Bounds{Memory: 1 << 30}, Tell: tell})
	if err != nil {
		b.Fatal(err)
	}
	for c.Slots() == 0 {
		time.Sleep(time.Millisecond)
	}
	in, err := trial.Draw(world.Spec{TimeLimit: time.Minute, Rate: 100, Concurrency: 5, Workload: "register", Mode: "leader", Nemesis: []string{"partition"},
		Interval: 10 * time.Second, Intensity: nemesis.DefaultIntensity, Clock: world.Virtual, Nodes: 5}, "")
	if err != nil {
		b.Fatal(err)
	}
	seeds := func(yield func(uint64) bool) {
		for n := 0; n < b.N && yield(uint64(n)); n++ {
		}
	}
	b.ResetTimer()
	begin := processor(b)
	err = trial.AsTheyEnd(ctx, slots+1000, seeds, func(ctx context.Context, seed uint64) (trial.Summary, error) {
		t := trial.Task{Input: in}
		t.Spec.Seed = seed
		return c.Summarize(ctx, t)
	}, func(s trial.Summary) error {
		s.Stored()
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "trials/s")
	b.ReportMetric(float64((processor(b)-begin).Microseconds())/float64(b.N), "processor-µs/trial")
	b.ReportMetric(0, "ns/op")
	if err := c.Close(ctx, true); err != nil {
		b.Error(err)
	}
}

// piped is a queue as another program has it.
func piped(b *testing.B, at queue.Server) queue.Queue {
	in, out := pipe(b), pipe(b)
	served := make(chan error, 1)
	go func() {
		served <- queue.Serve(duplex{in[0], out[1]}, func(ctx context.Context, at queue.Server) (queue.Queue, error) { return Open(ctx, at) })
	}()
	q, err := queue.Connect(b.Context(), duplex{out[0], in[1]}, at)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := q.Close(); err != nil {
			b.Error(err)
		}
		if err := <-served; err != nil {
			b.Error(err)
		}
	})
	return q
}

type duplex struct {
	io.Reader
	io.WriteCloser
}

func pipe(b *testing.B) [2]*os.File {
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	return [2]*os.File{r, w}
}

// processor is the time that this process has taken of processors.
func processor(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
