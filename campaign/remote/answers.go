package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"faultline/campaign/remote/queue"
	"faultline/world"
)

// told is an answer, and who gave it.
type told struct {
	*answer        // nil once it was taken
	worker  string // its name
	build   string // of the worker
	outcome
}

// outcome is what is remembered of each trial of a campaign. It has no pointers, so a million of them are no work for the collector.
type outcome struct {
	digest [sha256.Size]byte // of the history
	exact  bool              // another run must come to the same digest; false if there is none
	by     int32             // the worker, by its place in a list of names
}

// message is a reply in the queue. It is settled when all is stored that only it has.
type message struct {
	queue.Answer     // without its body
	open         int // how many trials it is the first to answer that are not stored
}

// takeUp learns what a coordinator of the campaign before this one has left in the queue: batches, and replies that it has not settled.
func (c *Coordinator) takeUp(ctx context.Context) error {
	left, err := c.queue.Left(ctx, c.lane(), c.options.Campaign)
	if err != nil {
		return err
	}
	replied := map[string]bool{}
	keys, err := c.queue.Queued(ctx, c.lane(), c.options.Campaign)
	if err != nil {
		return err
	}
	for _, key := range keys {
		replied[key] = true
	}
	for _, t := range left {
		c.adopt(t)
		delete(replied, t.Key) // or it will be
	}
	ctx, cancel := context.WithTimeout(ctx, queue.Lease) // one whose body is lost does not come
	defer cancel()
	for len(replied) > 0 && ctx.Err() == nil {
		all, err := c.queue.Answers(ctx, c.options.Campaign)
		for _, a := range all {
			c.hear(ctx, a)
			delete(replied, a.Key)
		}
		if errors.Is(err, queue.ErrClosed) {
			return err
		} else if err != nil {
			pause(ctx, retry)
		}
	}
	return nil
}

// adopt takes a batch for one of this coordinator. One that is not understood is left alone: what is in it will be published once more.
func (c *Coordinator) adopt(t queue.Task) {
	b := &sent{task: t}
	if err := unpack(t.Body, &b.batch); err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, trial := range b.batch.Trials {
		c.trial(trial.Key).sent = b
		b.unanswered++
	}
	c.batches.sent[t.Key] = b
}

// listen takes replies, in whatever order they come.
func (c *Coordinator) listen(ctx context.Context) {
	c.repeat(ctx, func() error {
		all, err := c.queue.Answers(ctx, c.options.Campaign)
		var each sync.WaitGroup
		for _, a := range all {
			each.Go(func() { c.hear(ctx, a) })
		}
		each.Wait()
		return err
	})
}

// hear notes what a reply says. The first answer to a trial counts, and any other shows whether the trial can be repeated.
func (c *Coordinator) hear(ctx context.Context, given queue.Answer) {
	var r reply
	if err := unpack(given.Body, &r); err != nil {
		r = reply{Failed: err.Error()}
	}
	given.Body = nil
	settled, different := c.note(given, r)
	if c.options.OnDifference != nil {
		for _, d := range different {
			c.options.OnDifference(d)
		}
	}
	if settled {
		_ = c.queue.Settle(ctx, given) // else it comes again
	}
}

// note has those know of the answers who wait for them. It reports whether nothing of the message is needed any more, and which answers
// differ from those that count.
func (c *Coordinator) note(given queue.Answer, r reply) (settled bool, different []Difference) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Failed != "" {
		r.Answers = c.failures(given.Key, r.Failed)
	} else if len(r.Answers) > 0 {
		c.measure(r.Took / time.Duration(len(r.Answers)))
	}
	m := &message{Answer: given}
	settled = true
	for _, a := range r.Answers {
		now := c.outcome(a, r)
		first, stored := c.stored[a.Key]
		if !stored {
			settled = false
			p := c.trial(a.Key)
			if !p.done {
				p.answer, p.message = told{a, r.Worker, r.Build, now}, m
				m.open++
				c.answered(p)
				continue
			}
			first = p.answer.outcome
		}
		if first.differs(now) {
			different = append(different, c.difference(first, a, r.Worker))
		}
	}
	return settled, different
}

// outcome is what is to be remembered of an answer.
func (c *Coordinator) outcome(a *answer, r reply) outcome {
	o := outcome{by: c.tellers.number(r.Worker)}
	if d, err := hex.DecodeString(a.Line.Digest); err == nil && len(d) == len(o.digest) {
		o.digest = [sha256.Size]byte(d)
		o.exact = a.Line.Replay == world.ReplayExact && r.Build == c.self.Build
	}
	return o
}

// names are names that have numbers.
type names struct {
	all     []string
	numbers map[string]int32
}

func (n *names) number(name string) int32 {
	at, ok := n.numbers[name]
	if !ok {
		if n.numbers == nil {
			n.numbers = map[string]int32{}
		}
		at = int32(len(n.all))
		n.all, n.numbers[name] = append(n.all, name), at
	}
	return at
}

// answered wakes the caller that waits for a trial.
func (c *Coordinator) answered(p *pending) {
	p.done = true
	close(p.answered)
	if p.waits {
		p.waits = false
		c.batches.waiting--
	}
	if b := p.sent; b != nil {
		p.sent = nil
		if b.unanswered--; b.unanswered == 0 {
			delete(c.batches.sent, b.task.Key)
		}
	}
}

// failures are the answers to a batch that a worker, or this coordinator, could make nothing of.
func (c *Coordinator) failures(key, why string) []*answer {
	b, ok := c.batches.sent[key]
	if !ok {
		return nil // another coordinator's; what was in it will be published once more
	}
	var all []*answer
	for _, t := range b.batch.Trials {
		all = append(all, &answer{Key: t.Key, Failed: why})
	}
	return all
}

// take returns what is told of a trial. Its outcome is remembered.
func (c *Coordinator) take(p *pending) told {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := p.answer
	p.answer.answer, p.answered = nil, nil
	if t.build != c.self.Build {
		t.mixed()
	}
	return t
}

// mixed notes that another build has made a run, so that this one may not come to the same.
func (t *told) mixed() {
	t.Line.Replay = world.ReplayBestEffort
	if t.Run != nil {
		t.Run.Replay = world.ReplayBestEffort
	}
}

// settle notes that what is told of a trial is stored. A message that comes once more before all of it is has not been settled by anybody.
func (c *Coordinator) settle(p *pending) {
	c.mu.Lock()
	c.stored[p.key] = p.answer.outcome
	delete(c.trials, p.key)
	m := p.message
	p.message = nil
	last := false
	if m != nil {
		m.open--
		last = m.open == 0
	}
	c.mu.Unlock()
	if last {
		_ = c.queue.Settle(context.Background(), m.Answer) // one that is not settled comes again, and is known
	}
}

// differs reports whether two outcomes of a trial show that it cannot be repeated, though both are exact.
func (o outcome) differs(second outcome) bool {
	return o.exact && second.exact && o.digest != second.digest
}

func (c *Coordinator) difference(first outcome, second *answer, by string) Difference {
	d := Difference{Seed: second.Line.Seed, First: hex.EncodeToString(first.digest[:]), By: c.tellers.all[first.by], Second: second.Line, SecondBy: by}
	if second.Run != nil {
		if t, err := second.Run.trial(); err == nil {
			d.Run = &t.Run
		}
	}
	return d
}
