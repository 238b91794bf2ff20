package remote

import (
	"context"
	"fmt"
	"sync"
	"time"

	"faultline/campaign/remote/queue"
	"faultline/cluster/foreign/build"
	"faultline/world"
)

// listen takes answers, in whatever order they come.
func (c *Coordinator) listen(ctx context.Context) {
	c.repeat(ctx, func() error {
		all, err := c.queue.Answers(ctx, c.options.Campaign)
		for _, a := range all {
			c.hear(ctx, a)
		}
		return err
	})
}

// hear notes an answer. The first counts, and any other shows whether the trial can be repeated.
func (c *Coordinator) hear(ctx context.Context, a queue.Answer) {
	c.mu.Lock()
	p, ok := c.trials[a.Key]
	if !ok { // nobody has asked for it yet
		p = &pending{answered: make(chan struct{})}
		c.trials[a.Key] = p
	}
	first := !isClosed(p.answered)
	if first {
		p.answer = a
		close(p.answered)
	}
	then, by := p.answer.Digest, p.by
	c.mu.Unlock()
	if first {
		return
	}
	if then != a.Digest {
		c.differ(then, by, a)
	}
	_ = c.queue.Settle(ctx, a) // else it comes again
}

// differ tells of an answer that is not the one that counts. Runs that are not exact may differ.
func (c *Coordinator) differ(then, by string, a queue.Answer) {
	var second answer
	if err := unpack(a.Body, &second); err != nil || second.Line.Replay != world.ReplayExact || second.Build != c.self.Build {
		return
	}
	d := Difference{Seed: second.Line.Seed, First: then, By: by, Second: second.Line, SecondBy: second.Worker}
	if second.Run != nil {
		if t, err := second.Run.trial(); err == nil {
			d.Run = &t.Run
		}
	}
	if c.options.OnDifference != nil {
		c.options.OnDifference(d)
	}
}

// searchEvery is how often the queue is asked whether it still has what is waited for.
const searchEvery = 10 * time.Second

// search publishes trials again that the queue has lost: the machine of a server may lose power, and somebody may remove a stream.
func (c *Coordinator) search(ctx context.Context) {
	for pause(ctx, searchEvery); ctx.Err() == nil; pause(ctx, searchEvery) {
		there, err := c.queue.Queued(ctx, c.lane(), c.options.Campaign)
		if err != nil {
			continue
		}
		for _, t := range c.missing(there) {
			if err := c.queue.Publish(ctx, t); err != nil {
				break
			}
		}
	}
}

// missing are trials that were published, have no answer, and of which the queue had nothing twice in a row: an answer may have been settled,
// or a trial handed back, while it was asked.
func (c *Coordinator) missing(there []string) []queue.Task {
	has := map[string]bool{}
	for _, key := range there {
		has[key] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var again []queue.Task
	for key, p := range c.trials {
		if isClosed(p.answered) || p.task.Key == "" || has[key] {
			p.missing = 0
			continue
		}
		if p.missing++; p.missing == 2 {
			p.missing = 0
			p.task.Attempt++
			again = append(again, p.task)
		}
	}
	return again
}

// programsObject names programs that were built.
func programsObject(digest string) string { return "programs." + digest }

// carry puts the programs of a spec's worlds where workers find them, if they need any.
func (c *Coordinator) carry(ctx context.Context, s world.Spec) error {
	digest := s.Build()
	if digest == "" {
		return nil
	}
	c.mu.Lock()
	once, ok := c.carried[digest]
	if !ok {
		once = &sync.Once{}
		c.carried[digest] = once
	}
	c.mu.Unlock()
	var err error
	once.Do(func() {
		if err = c.putPrograms(ctx, s); err != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			delete(c.carried, digest)
		}
	})
	return err
}

func (c *Coordinator) putPrograms(ctx context.Context, s world.Spec) error {
	dir, err := s.Programs()
	if err != nil {
		return err
	}
	packed, err := build.Pack(dir)
	if err != nil {
		return err
	}
	err = c.insist(ctx, func() error { return c.queue.Put(ctx, programsObject(s.Build()), packed) })
	if err != nil {
		return fmt.Errorf("hand the programs to workers: %w", err)
	}
	return nil
}
