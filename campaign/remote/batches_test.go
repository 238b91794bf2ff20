package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/results"
	"faultline/world"
)

// all summarizes trials at the same time, and takes what comes of them.
func all(ctx context.Context, c *Coordinator, seeds []uint64, take func(trial.Summary) error) error {
	return trial.AsTheyEnd(ctx, len(seeds), slices.Values(seeds), func(ctx context.Context, seed uint64) (trial.Summary, error) {
		return c.Summarize(ctx, input(seed))
	}, take)
}

func store(s trial.Summary) error {
	s.Stored()
	return nil
}

func between(from, to uint64) (seeds []uint64) {
	for seed := from; seed < to; seed++ {
		seeds = append(seeds, seed)
	}
	return seeds
}

// A batch is a tenth of a second of work, and no slot of a worker waits for another to end its own.
func TestHowManyTrialsABatchHas(t *testing.T) {
	for _, tt := range []struct {
		takes       time.Duration
		least, most int
	}{{time.Second, 1, 1}, {60 * time.Millisecond, 1, 1}, {20 * time.Millisecond, 5, 5}, {time.Millisecond, 20, 25}} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{}
			defer fakeWorker(t, m, "w", 2, &fake{takes: tt.takes})()
			c, _ := coordinate(t, m, Options{})
			time.Sleep(2 * queue.Patience) // then the worker is known
			for range 2 {                  // by the second it is known what they take
				if err := all(t.Context(), c, between(0, 200), store); err != nil {
					t.Fatal(err)
				}
			}
			if _, largest := m.size(); largest < tt.least || largest > tt.most {
				t.Errorf("trials of %v are sent %d at once", tt.takes, largest)
			}
		})
	}
}

// A worker that is lost leaves a batch in which one trial may be at fault. That one is found, and none other is given up.
func TestATrialOfABatchThatEndsItsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		c, _ := coordinate(t, m, Options{})
		warm := fakeWorker(t, m, "first", 1, &fake{takes: time.Millisecond})
		if err := all(t.Context(), c, between(1000, 1100), store); err != nil {
			t.Fatal(err)
		}
		warm()
		var kills [9]func()
		for i := range kills {
			kills[i] = fakeWorker(t, m, fmt.Sprint("w", i), 1, &fake{takes: time.Millisecond, fails: func(ctx context.Context, seed uint64) error {
				if seed == 7 {
					kills[i]()
				}
				return ctx.Err()
			}})
		}
		time.Sleep(2 * queue.Patience) // then they are known
		unknown, count := []uint64{}, 0
		err := all(t.Context(), c, between(0, 400), func(s trial.Summary) error {
			if count++; s.Line.Verdict != checker.Valid {
				unknown = append(unknown, s.Line.Seed)
			}
			return store(s)
		})
		if err != nil || count != 400 || !slices.Equal(unknown, []uint64{7}) {
			t.Errorf("%v: of %d trials %v are unknown", err, count, unknown)
		}
		if _, largest := m.size(); largest < 5 {
			t.Errorf("the largest batch had %d trials", largest)
		}
		for _, kill := range kills {
			kill()
		}
	})
}

// A coordinator that comes after another has nothing run that is in the queue already.
func TestABatchIsTakenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, runner := &memory{}, &fake{takes: time.Millisecond}
		c, kill := coordinate(t, m, Options{})
		c.mu.Lock()
		c.measure(runner.takes)
		c.workers = []queue.Party{{Slots: 1}}
		c.mu.Unlock()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		time.AfterFunc(time.Second/2, kill) // so that it withdraws nothing
		_ = all(ctx, c, between(0, 40), store)
		before, largest := m.size()
		if largest < 5 {
			t.Fatalf("%d tasks are left, of %d trials at most", before, largest)
		}
		c, _ = coordinate(t, m, Options{})
		begun := make(chan error)
		go func() { begun <- all(t.Context(), c, between(0, 40), store) }()
		synctest.Wait()
		if now, _ := m.size(); now != before {
			t.Errorf("there were %d tasks, and are %d", before, now)
		}
		defer fakeWorker(t, m, "w", 1, runner)()
		if err := <-begun; err != nil {
			t.Fatal(err)
		}
		for seed, times := range runner.ran {
			if times != 1 {
				t.Errorf("seed %d was run %d times", seed, times)
			}
		}
	})
}

// A reply stays in the queue until all is stored that it tells, even if it comes twice meanwhile.
func TestAReplyIsSettledWhenItIsStored(t *testing.T) {
	m := &memory{}
	q, g := m.join(t)
	c := &Coordinator{queue: q, trials: map[key]*pending{}, stored: map[key]outcome{}, self: party("c"), batches: batches{sent: map[string]*sent{}}}
	body, err := pack(reply{Took: time.Second, Answers: []*answer{{Key: key{'a'}}, {Key: key{'b'}}}})
	if err != nil {
		t.Fatal(err)
	}
	given := queue.Answer{Campaign: "c", Key: "1", Body: body}
	if err := g.Answer(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	given.Token = m.answers[0].Token
	for _, step := range []struct {
		does string
		do   func()
		left int
	}{
		{"it comes", func() { c.hear(t.Context(), given) }, 1},
		{"it comes again", func() { c.hear(t.Context(), given) }, 1},
		{"one is stored", func() { c.settle(c.trials[key{'a'}]) }, 1},
		{"it comes again", func() { c.hear(t.Context(), given) }, 1},
		{"both are", func() { c.settle(c.trials[key{'b'}]) }, 0},
	} {
		if step.do(); len(m.answers) != step.left {
			t.Errorf("when %s there are %d replies", step.does, len(m.answers))
		}
	}
}

// Why a trial could not be run is told once: who goes on with the campaign has it run again.
func TestAFailureIsNotRepeated(t *testing.T) {
	for _, failure := range []error{&cluster.RefusedError{Reason: "it makes a pipe"}, errors.New("no space left")} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{}
			failing := failure
			defer fakeWorker(t, m, "w", 1, &fake{fails: func(context.Context, uint64) error { return failing }})()
			c, _ := coordinate(t, m, Options{})
			if _, err := c.Summarize(t.Context(), input(1)); err == nil {
				t.Error("there is no error")
			}
			if err := c.Close(t.Context(), false); err != nil {
				t.Error(err)
			}
			failing = nil
			c, _ = coordinate(t, m, Options{})
			if s, err := c.Summarize(t.Context(), input(1)); err != nil || s.Line.Verdict != checker.Valid {
				t.Errorf("%+v, %v", s.Line, err)
			}
		})
	}
}

// A trial that is given up is not published again, and is if somebody wants it after all.
func TestWhatIsGivenUpIsNotPublishedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, runner := &memory{}, &fake{}
		c, _ := coordinate(t, m, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _ = c.Run(ctx, input(1).Input)
		time.Sleep(5 * searchEvery)
		if tasks, _ := m.size(); tasks > 0 {
			t.Errorf("%d are published", tasks)
		}
		defer fakeWorker(t, m, "w", 1, runner)()
		if _, err := c.Run(t.Context(), input(1).Input); err != nil || runner.ran[1] != 1 {
			t.Errorf("%v, it was run %d times", err, runner.ran[1])
		}
	})
}

// Only two exact runs that have histories can show that a trial is not repeated.
func TestWhatDiffers(t *testing.T) {
	exact := answer{Line: results.Line{Digest: strings.Repeat("1", 64), Replay: world.ReplayExact}}
	other := answer{Line: results.Line{Digest: strings.Repeat("2", 64), Replay: world.ReplayExact}}
	self := party("c")
	q, _ := (&memory{}).join(t)
	for _, tt := range []struct {
		name          string
		first, second answer
		build         string // of the second
		want          int
	}{
		{"the same", exact, exact, self.Build, 0},
		{"another", exact, other, self.Build, 1},
		{"another, of another build", exact, other, "b", 0},
		{"after a failure", answer{Failed: "no space left"}, exact, self.Build, 0},
		{"before a failure", exact, answer{Failed: "no space left"}, self.Build, 0},
		{"two failures", answer{Failed: "no space left"}, answer{Refused: "it makes a pipe"}, self.Build, 0},
		{"after a crash", answer{Line: results.Line{Digest: "of nothing"}}, exact, self.Build, 0},
		{"longer than a digest", answer{Line: results.Line{Digest: strings.Repeat("1", 66), Replay: world.ReplayExact}}, exact, self.Build, 0},
		{"no digest", answer{Line: results.Line{Replay: world.ReplayExact}}, exact, self.Build, 0},
	} {
		for _, isStored := range []bool{false, true} {
			c := &Coordinator{queue: q, trials: map[key]*pending{}, stored: map[key]outcome{}, self: self, batches: batches{sent: map[string]*sent{}}}
			c.note(queue.Answer{}, reply{Worker: "w1", Build: self.Build, Answers: []*answer{&tt.first}})
			if isStored {
				c.settle(c.trials[key{}])
			}
			_, different := c.note(queue.Answer{}, reply{Worker: "w2", Build: tt.build, Answers: []*answer{&tt.second}})
			if len(different) != tt.want {
				t.Errorf("%s, stored %t: %+v", tt.name, isStored, different)
			}
			for _, d := range different {
				if d.First != tt.first.Line.Digest || d.By != "w1" || d.SecondBy != "w2" {
					t.Errorf("%s, stored %t: %+v", tt.name, isStored, d)
				}
			}
		}
	}
}
