package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/results"
	"faultline/world"
)

// Options are those of a coordinator.
type Options struct {
	Campaign string // its id, which is the same when it is resumed
	Name     string // for people
	Check    checker.Options
	Bounds   world.Bounds
	Mixed    bool              // workers of other builds may run it
	Programs bool              // its trials bring programs
	Tell     func(line string) // tells a person what happens; it is called from several goroutines
	// OnDifference is called with what shows that a replay is not exact. It may be nil.
	OnDifference func(Difference)
}

// Difference is a trial of which two workers came to different histories, though both were exact.
type Difference struct {
	Seed     uint64       `json:"seed"`
	First    string       `json:"first"` // the digest that counts
	By       string       `json:"by"`    // the worker
	Second   results.Line `json:"second"`
	SecondBy string       `json:"second_by"`
	Run      *results.Run `json:"-"` // of the second, if it was handed over
}

// Coordinator hands the trials of a campaign to workers. It is a trial.Summarizer.
type Coordinator struct {
	queue   queue.Queue
	options Options
	self    queue.Party
	ended   context.CancelFunc
	all     sync.WaitGroup
	broken  chan struct{} // closed when the queue is gone
	gone    sync.Once

	mu      sync.Mutex
	trials  map[key]*pending // that were asked for, or are in the queue, and are not stored
	stored  map[key]outcome
	tellers names // of workers that gave answers
	batches batches
	carried map[string]func() error
	workers []queue.Party
}

// Coordinate begins to hand out the trials of a campaign, and returns when it knows which workers there are, and what is left of the campaign
// in the queue. Close ends it.
func Coordinate(ctx context.Context, q queue.Queue, o Options) (*Coordinator, error) {
	c := &Coordinator{queue: q, options: o, self: party(o.Name), broken: make(chan struct{}),
		trials: map[key]*pending{}, stored: map[key]outcome{}, batches: batches{sent: map[string]*sent{}, wake: make(chan struct{}, 1)}, carried: map[string]func() error{}}
	c.self.Campaign = o.Campaign
	c.self.Lanes = []string{c.lane()}
	there, err := q.Meet(ctx, c.self)
	if err != nil {
		return nil, fmt.Errorf("look for workers: %w", err)
	}
	for _, w := range there {
		c.greet(w)
	}
	if err := c.takeUp(ctx); err != nil {
		return nil, fmt.Errorf("look for what is left of the campaign: %w", err)
	}
	ctx, c.ended = context.WithCancel(context.WithoutCancel(ctx))
	c.all.Go(func() { c.listen(ctx) })
	c.all.Go(func() { c.meet(ctx) })
	c.all.Go(func() { c.publish(ctx) })
	c.all.Go(func() { c.search(ctx) })
	return c, nil
}

func (c *Coordinator) lane() string {
	return lane(c.self.Build, c.options.Mixed, c.options.Programs)
}

// Workers are those that serve the campaign, and came since it was begun.
func (c *Coordinator) Workers() []queue.Party {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]queue.Party{}, c.workers...)
}

// Slots is how many trials the workers can run at once.
func (c *Coordinator) Slots() int {
	n := 0
	for _, w := range c.Workers() {
		n += w.Slots
	}
	return n
}

// greet takes a worker in, or tells why not.
func (c *Coordinator) greet(w queue.Party) {
	if why := refusal(w, c.self); why != "" {
		c.options.Tell(fmt.Sprintf("worker %s is refused: %s", w.Name, why))
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.workers = append(c.workers, w)
}

// meet greets workers that come later.
func (c *Coordinator) meet(ctx context.Context) {
	c.repeat(ctx, func() error {
		came, err := c.queue.Newcomers(ctx)
		for _, w := range came {
			c.greet(w)
		}
		return err
	})
}

// repeat does something again and again, until the coordinator is closed. What goes wrong passes.
func (c *Coordinator) repeat(ctx context.Context, do func() error) {
	for ctx.Err() == nil {
		err := do()
		if errors.Is(err, queue.ErrClosed) {
			c.breakOff()
			return
		}
		if err != nil {
			pause(ctx, retry)
		}
	}
}

// breakOff tells whoever waits for an answer that there will be none.
func (c *Coordinator) breakOff() { c.gone.Do(func() { close(c.broken) }) }

// retry is how long nothing is tried after something went wrong.
const retry = 500 * time.Millisecond

// pause waits, unless the context ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// Run implements trial.Runner. The same input is run again each time that it is asked for.
func (c *Coordinator) Run(ctx context.Context, in world.Input) (*trial.Trial, error) {
	a, settle, err := c.ask(ctx, in, nil)
	if err != nil {
		return nil, err
	}
	defer settle()
	if a.Run == nil {
		return nil, fmt.Errorf("seed %d: worker %s sent no run", in.Spec.Seed, a.worker)
	}
	return a.Run.trial()
}

// Summarize implements trial.Summarizer.
func (c *Coordinator) Summarize(ctx context.Context, t trial.Task) (trial.Summary, error) {
	keep := t.Keep // a copy, or all of the task would be on the heap
	a, settle, err := c.ask(ctx, t.Input, &keep)
	if err != nil {
		return trial.Summary{}, err
	}
	s := trial.Summary{Line: a.Line, Stored: settle}
	if a.Run != nil {
		run, err := a.Run.trial()
		if err != nil {
			settle()
			return s, fmt.Errorf("seed %d, of worker %s: %w", t.Spec.Seed, a.worker, err)
		}
		s.Run = &run.Run
	}
	return s, nil
}

// ask has a worker do a task, and returns its answer. Settle is to be called when what it says is stored. What cannot be stored is settled
// when it was told: whoever resumes the campaign wants another answer.
func (c *Coordinator) ask(ctx context.Context, in world.Input, keep *trial.Keep) (a told, settle func(), err error) {
	if in.Spec.Build() != "" {
		if err := c.carry(ctx, in.Spec); err != nil {
			return a, nil, err
		}
	}
	p := c.expect(in, keep)
	select {
	case <-p.answered:
	case <-c.broken:
		return a, nil, queue.ErrClosed
	case <-ctx.Done():
		c.giveUp(p)
		return a, nil, ctx.Err()
	}
	a = c.take(p)
	settle = func() { c.settle(p) }
	seed := in.Spec.Seed
	switch {
	case a.Refused != "":
		settle()
		return a, nil, fmt.Errorf("seed %d: %w", seed, &cluster.RefusedError{Reason: a.Refused})
	case a.Failed != "":
		settle()
		return a, nil, fmt.Errorf("seed %d, of worker %s: %s", seed, a.worker, a.Failed)
	}
	return a, settle, nil
}

// insist does something until it succeeds: the server may restart, or its disk may be full.
func (c *Coordinator) insist(ctx context.Context, do func() error) error {
	told := false
	for begun := time.Now(); ; pause(ctx, retry) {
		err := do()
		switch {
		case err == nil, errors.Is(err, queue.ErrClosed):
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case !told && time.Since(begun) > 2*time.Second:
			told = true
			c.options.Tell(fmt.Sprintf("the queue does not take a trial, which is tried again: %v", err))
		}
	}
}

// Close ends the campaign on the queue: what is not begun is withdrawn and, if it is complete, nothing of it is left there.
func (c *Coordinator) Close(ctx context.Context, complete bool) error {
	c.ended()
	c.all.Wait()
	err := c.queue.Withdraw(ctx, c.lane(), c.options.Campaign, "")
	if complete {
		err = errors.Join(err, c.queue.Forget(ctx, c.options.Campaign))
	}
	return err
}
