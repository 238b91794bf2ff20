package remote

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/world"
)

// WorkerOptions are those of a worker.
type WorkerOptions struct {
	Name     string // for people
	Slots    int    // trials at once
	Bounds   world.Bounds
	Mixed    bool              // it runs campaigns of other builds too, if they want that
	Programs bool              // it takes programs of whoever may publish
	Lease    time.Duration     // how long a trial is the worker's without a word; 0 for queue.Lease
	Tell     func(line string) // tells a person what happens; it is called from several goroutines
	// Runner returns who runs trials; it is trial.Local outside of tests.
	Runner func(world.Bounds, checker.Options) trial.Runner
}

// mostLost is how often a trial may be lost with its worker. Then it is not run again: it may be what ends them.
const mostLost = 5

// mostAttempts is how often workers may hand a trial back as they cannot run it.
const mostAttempts = 50

// RefusedError means that a worker is of no use to the campaigns that are run.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

// worker is a worker at work.
type worker struct {
	queue   queue.Queue
	options WorkerOptions
	self    queue.Party

	mu    sync.Mutex            // while programs are fetched
	known atomic.Pointer[known] // nil before the first batch
}

// known is what the trials of the last batch had in common. It is the same for most of a campaign, and a spec takes long to read.
type known struct {
	text   []byte
	shared shared
}

// read reads a batch.
func (w *worker) read(body []byte) (b batch, err error) {
	if err := unpack(body, &b); err != nil {
		return b, err
	}
	k := w.known.Load()
	if k == nil || !bytes.Equal(k.text, b.Shared) {
		k = &known{text: b.Shared}
		if err := json.Unmarshal(k.text, &k.shared); err != nil {
			return b, fmt.Errorf("read what another program wrote: %w", err)
		}
		w.known.Store(k)
	}
	b.shared = &k.shared
	return b, nil
}

// Work runs trials until the context ends, or the queue is gone. Trials that are under way then are handed back.
func Work(ctx context.Context, q queue.Queue, o WorkerOptions) error {
	w := &worker{queue: q, options: o, self: party(o.Name)}
	w.options.Lease = cmp.Or(o.Lease, queue.Lease)
	w.self.Slots = o.Slots
	w.self.Lanes = lanes(w.self.Build, o.Mixed, o.Programs)
	whole := ctx
	ctx, cancel := context.WithCancelCause(whole)
	defer cancel(nil)
	var all sync.WaitGroup
	all.Go(func() { // a campaign that refuses the worker has nothing in its lanes
		if err := w.register(ctx); err != nil {
			cancel(err)
			return
		}
		w.meet(ctx)
	})
	for range o.Slots {
		all.Go(func() {
			if err := w.slot(ctx); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); whole.Err() == nil || errors.Is(err, queue.ErrClosed) {
		return err
	}
	return nil
}

// register makes the worker known. It is an error if there are campaigns and none may use it.
func (w *worker) register(ctx context.Context) error {
	campaigns, err := w.queue.Meet(ctx, w.self)
	if err != nil {
		return fmt.Errorf("look for campaigns: %w", err)
	}
	refused := ""
	for _, c := range campaigns {
		why := refusal(w.self, c)
		if why == "" {
			return nil
		}
		refused = fmt.Sprintf("this worker is refused by campaign %s: %s", c.Name, why)
	}
	if refused != "" {
		return &RefusedError{refused}
	}
	return nil
}

// meet tells of campaigns that come later and do not want the worker.
func (w *worker) meet(ctx context.Context) {
	for ctx.Err() == nil {
		came, err := w.queue.Newcomers(ctx)
		for _, c := range came {
			if why := refusal(w.self, c); why != "" {
				w.options.Tell(fmt.Sprintf("refused by campaign %s: %s", c.Name, why))
			}
		}
		if err != nil {
			pause(ctx, retry)
		}
	}
}

// slot does one task after the other. The error is that of a queue that is gone.
func (w *worker) slot(ctx context.Context) error {
	troubles := 0 // in a row
	for ctx.Err() == nil {
		tasks, err := w.queue.Fetch(ctx, w.self.Lanes, 1)
		for _, t := range tasks {
			err = w.do(ctx, t)
		}
		switch {
		case errors.Is(err, queue.ErrClosed):
			return err
		case err != nil && ctx.Err() == nil:
			troubles++
			pause(ctx, min(retry<<min(troubles, 10), mostPause))
		case len(tasks) > 0:
			troubles = 0
		}
	}
	return nil
}

// mostPause is how long a worker waits at most that cannot do what it should, as its disk is full.
const mostPause = 30 * time.Second

// do runs a batch and replies. If this worker cannot run it now, another should.
func (w *worker) do(ctx context.Context, t queue.Task) error {
	stop := w.beat(ctx, t)
	defer stop()
	b, err := w.read(t.Body)
	switch {
	case err != nil:
		return w.reply(ctx, t, reply{Failed: err.Error()})
	case t.Lost > 0 && len(b.Trials) > 1:
		return w.part(ctx, t, b)
	}
	answers, took, err := w.run(ctx, t, b)
	if err != nil {
		return errors.Join(err, w.handBack(t, err))
	}
	return w.reply(ctx, t, reply{Took: took, Answers: answers})
}

// part publishes the trials of a batch one by one, as one of them may be what ended the worker that had them.
func (w *worker) part(ctx context.Context, t queue.Task, b batch) error {
	for i, one := range b.parts() {
		p := queue.Task{Lane: t.Lane, Campaign: t.Campaign, Key: partOf(t.Key, i), Attempt: t.Attempt, Body: one.pack()}
		if err := w.queue.Publish(ctx, p); err != nil {
			return err // the rest is published by whoever gets the batch next
		}
	}
	return w.queue.Finish(context.WithoutCancel(ctx), t)
}

// run runs the trials of a batch.
func (w *worker) run(ctx context.Context, t queue.Task, b batch) (all []*answer, took time.Duration, err error) {
	if err := w.fetchPrograms(ctx, b.shared.Input.Spec); err != nil {
		return nil, 0, err
	}
	bounds := w.options.Bounds
	bounds.Memory = min(bounds.Memory, b.shared.Memory)
	runner := w.options.Runner(bounds, checker.Options{Timeout: b.shared.CheckTimeout, SecondOpinion: b.shared.SecondOpinion})
	begun := time.Now()
	for _, asked := range b.Trials {
		a, err := w.answer(ctx, t, b, asked, runner)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, a)
	}
	return all, time.Since(begun), nil
}

// reply stores what came of a batch, and finishes it.
func (w *worker) reply(ctx context.Context, t queue.Task, r reply) error {
	r.Worker, r.Build = w.self.Name, w.self.Build
	body, err := pack(r)
	if err != nil {
		return err
	}
	given := queue.Answer{Campaign: t.Campaign, Key: t.Key, Digest: r.digest(), Body: body}
	for {
		err := w.queue.Answer(ctx, given)
		if err == nil {
			return w.queue.Finish(context.WithoutCancel(ctx), t)
		}
		if errors.Is(err, queue.ErrClosed) || ctx.Err() != nil {
			return errors.Join(err, w.handBack(t, nil))
		}
		pause(ctx, retry)
	}
}

// handBack returns a task, and tells why unless that is because the worker ends.
func (w *worker) handBack(t queue.Task, why error) error {
	if why != nil && !errors.Is(why, context.Canceled) {
		w.options.Tell(fmt.Sprintf("a trial is handed back, as it cannot be run here: %v", why))
	}
	ctx, cancel := context.WithTimeout(context.Background(), queue.Lease/2) // then it comes back to others by itself
	defer cancel()
	return w.queue.Return(ctx, t)
}

// beat says that a task is worked at, until stop is called.
func (w *worker) beat(ctx context.Context, t queue.Task) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	every := w.options.Lease / 4
	go func() {
		for pause(ctx, every); ctx.Err() == nil; pause(ctx, every) {
			_ = w.queue.Beat(ctx, t) // the next may come through; if none does another worker gets the task
		}
	}()
	return cancel
}

// answer runs a trial. An error is one of this worker, or its end; what is wrong with the trial is an answer.
func (w *worker) answer(ctx context.Context, t queue.Task, b batch, asked task, runner trial.Runner) (*answer, error) {
	a, in := &answer{Key: asked.Key}, b.shared.input(asked)
	var run *trial.Trial
	var err error
	if t.Lost >= mostLost {
		run, err = trial.Lost(in, fmt.Sprintf("%d workers were lost while they ran it, each without a word: it may take more memory than they have", t.Lost))
	} else {
		run, err = runner.Run(ctx, in)
	}
	var refused *cluster.RefusedError
	switch {
	case errors.As(err, &refused):
		a.Refused = refused.Reason
		return a, nil
	case err != nil && ctx.Err() == nil && t.Attempt >= mostAttempts:
		a.Failed = fmt.Sprintf("no worker could run it: %v", err)
		return a, nil
	case err != nil:
		return a, err
	}
	a.Line = run.Line()
	// A trial that was lost may have had another answer, so its run is handed over to compare them.
	if b.shared.Whole || b.Again || t.Lost > 0 || b.Keep != nil && b.Keep.Wants(a.Line) {
		a.Run, err = carry(run)
	}
	return a, err
}
