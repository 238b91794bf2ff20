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
	trials  map[string]*pending // by key
	asked   map[string]int      // how often the same input was run
	carried map[string]*sync.Once
	there   map[string]bool // trials that another coordinator of the campaign has left in the queue
	workers []queue.Party
}

// pending is a trial that was asked for or answered.
type pending struct {
	answered chan struct{} // closed when there is an answer
	answer   queue.Answer  // its body is dropped when it was taken
	by       string        // the worker, once it was taken
	task     queue.Task    // as it was published; zero if it was not
	missing  int           // how often in a row the queue did not have it
}

// Coordinate begins to hand out the trials of a campaign, and returns when it knows which workers there are. Close ends it.
func Coordinate(ctx context.Context, q queue.Queue, o Options) (*Coordinator, error) {
	c := &Coordinator{queue: q, options: o, self: party(o.Name), broken: make(chan struct{}),
		trials: map[string]*pending{}, asked: map[string]int{}, carried: map[string]*sync.Once{}, there: map[string]bool{}}
	c.self.Campaign = o.Campaign
	c.self.Lanes = []string{c.lane()}
	there, err := q.Meet(ctx, c.self)
	if err != nil {
		return nil, fmt.Errorf("look for workers: %w", err)
	}
	left, err := q.Queued(ctx, c.lane(), o.Campaign)
	if err != nil {
		return nil, fmt.Errorf("look for what is left of the campaign: %w", err)
	}
	for _, key := range left {
		c.there[key] = true
	}
	for _, w := range there {
		c.greet(w)
	}
	ctx, c.ended = context.WithCancel(context.WithoutCancel(ctx))
	c.all.Go(func() { c.listen(ctx) })
	c.all.Go(func() { c.meet(ctx) })
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
			c.gone.Do(func() { close(c.broken) })
			return
		}
		if err != nil {
			pause(ctx, retry)
		}
	}
}

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
	a, settle, err := c.ask(ctx, c.task(in, nil))
	if err != nil {
		return nil, err
	}
	settle()
	if a.Run == nil {
		return nil, fmt.Errorf("seed %d: worker %s sent no run", in.Spec.Seed, a.Worker)
	}
	return a.Run.trial()
}

// Summarize implements trial.Summarizer.
func (c *Coordinator) Summarize(ctx context.Context, t trial.Task) (trial.Summary, error) {
	a, settle, err := c.ask(ctx, c.task(t.Input, &t.Keep))
	if err != nil {
		return trial.Summary{}, err
	}
	s := trial.Summary{Line: a.Line, Stored: settle}
	if a.Run != nil {
		run, err := a.Run.trial()
		if err != nil {
			return s, fmt.Errorf("seed %d, of worker %s: %w", t.Spec.Seed, a.Worker, err)
		}
		s.Run = &run.Run
	}
	return s, nil
}

func (c *Coordinator) task(in world.Input, keep *trial.Keep) task {
	return task{Input: in, CheckTimeout: c.options.Check.Timeout, SecondOpinion: c.options.Check.SecondOpinion, Memory: c.options.Bounds.Memory,
		Whole: keep == nil, Keep: keep}
}

// ask has a worker do a task, and returns its answer. Settle is to be called when what it says is stored.
func (c *Coordinator) ask(ctx context.Context, t task) (a answer, settle func(), err error) {
	if err := c.carry(ctx, t.Input.Spec); err != nil {
		return a, nil, err
	}
	key, p := c.expect(t.key())
	if err := c.publish(ctx, key, p, t); err != nil {
		return a, nil, err
	}
	select {
	case <-p.answered:
	case <-c.broken:
		return a, nil, queue.ErrClosed
	case <-ctx.Done():
		c.withdraw(key)
		return a, nil, ctx.Err()
	}
	return c.take(t, p)
}

// take reads an answer.
func (c *Coordinator) take(t task, p *pending) (a answer, settle func(), err error) {
	c.mu.Lock()
	given := p.answer
	p.answer.Body = nil
	c.mu.Unlock()
	settle = func() { _ = c.queue.Settle(context.Background(), given) } // one that is not settled comes again, and is known
	if err := unpack(given.Body, &a); err != nil {
		return a, nil, fmt.Errorf("seed %d: %w", t.Input.Spec.Seed, err)
	}
	c.mu.Lock()
	p.by = a.Worker
	c.mu.Unlock()
	if a.Build != c.self.Build {
		a.mixed()
	}
	switch {
	case a.Refused != "":
		return a, nil, fmt.Errorf("seed %d: %w", t.Input.Spec.Seed, &cluster.RefusedError{Reason: a.Refused})
	case a.Failed != "":
		return a, nil, fmt.Errorf("seed %d, of worker %s: %s", t.Input.Spec.Seed, a.Worker, a.Failed)
	}
	return a, settle, nil
}

// mixed notes that another build has made a run, so that this one may not come to the same.
func (a *answer) mixed() {
	a.Line.Replay = world.ReplayBestEffort
	if a.Run != nil {
		a.Run.Replay = world.ReplayBestEffort
	}
}

// expect makes an answer to a task known to whoever waits. The same task has another key each time that it is asked for.
func (c *Coordinator) expect(key string) (string, *pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.asked[key]
	if c.asked[key]++; n > 0 {
		key = fmt.Sprintf("%s-%d", key, n)
	}
	p, ok := c.trials[key] // it was answered before, to a coordinator that is no longer there
	if !ok {
		p = &pending{answered: make(chan struct{})}
		c.trials[key] = p
	}
	return key, p
}

// publish publishes a task, unless there is an answer or the task is in the queue.
func (c *Coordinator) publish(ctx context.Context, key string, p *pending, t task) error {
	body, err := pack(t)
	if err != nil {
		return err
	}
	published := queue.Task{Lane: c.lane(), Campaign: c.options.Campaign, Key: key, Body: body}
	c.mu.Lock()
	p.task = published
	there := c.there[key]
	c.mu.Unlock()
	if there || isClosed(p.answered) {
		return nil
	}
	return c.insist(ctx, func() error { return c.queue.Publish(ctx, published) })
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

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// withdraw takes a task out of the queue that nobody waits for any more. It is no harm if it stays.
func (c *Coordinator) withdraw(key string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.queue.Withdraw(ctx, c.lane(), c.options.Campaign, key)
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
