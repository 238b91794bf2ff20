package remote

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"
	"unsafe"

	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/world"
)

const (
	// work is how long the trials of a batch should take together. A world takes longer by itself, so it is a batch of one; trials that take
	// less than it costs to send them are sent many at once.
	work = 100 * time.Millisecond
	// share is how many batches there should be for each slot of a worker: one that is run and some that wait, so that slots are equally
	// busy to the end (Polychronopoulos and Kuck 1987).
	share = 4
	// linger is how long a batch waits at most for further trials.
	linger = work / 10
	// mostSchedules bounds the length of the schedules of a batch: servers take messages of a megabyte.
	mostSchedules = 256 << 10
)

// pending is a trial that was asked for, or is in the queue.
type pending struct {
	key      key
	asked    bool          // somebody has asked for it
	waits    bool          // and waits
	sent     *sent         // the batch that it is in; nil if there is none, and when it is answered
	done     bool          // there is an answer
	answered chan struct{} // closed then; nil when whoever waits has it
	answer   told
	message  *message // that has the answer; nil when it is settled
}

// sent is a batch in the queue, or on its way there.
type sent struct {
	batch      batch
	task       queue.Task // as it was published; without a body before
	bytes      int        // of schedules
	unanswered int        // of its trials
	missing    int        // how often in a row the queue did not have it
}

// alike are trials that may be in one batch.
type alike struct {
	shared shared
	keep   *trial.Keep
}

// equals reports whether two are the same. In a campaign they have the same slices and pointers too, so that nothing needs to be looked at
// one by one.
func (a *alike) equals(b *alike) bool {
	return (bytesOf(&a.shared) == bytesOf(&b.shared) || reflect.DeepEqual(&a.shared, &b.shared)) && reflect.DeepEqual(a.keep, b.keep)
}

// bytesOf is what a variable is in memory.
func bytesOf[T any](v *T) string { return unsafe.String((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)) }

// batches are those that are not answered.
type batches struct {
	sent    map[string]*sent // by key
	open    *sent            // takes further trials; nil if there is none
	ready   []*sent          // are to be published
	wake    chan struct{}    // says that some are ready
	count   int              // of all that there ever were
	last    alike            // those of the last trial
	next    alike            // and of the one that is added
	text    []byte           // what the last shares, as text
	each    time.Duration    // what a trial takes, by what the last ones took; 0 if that is not known
	waiting int              // trials that somebody waits for
}

// expect has a task run, unless it is in the queue or was answered there. The same task has another key each time that it is asked for.
func (c *Coordinator) expect(in world.Input, keep *trial.Keep) *pending {
	t := task{Seed: in.Spec.Seed, Schedule: in.Schedule}
	in.Spec.Seed, in.Schedule = 0, ""
	c.mu.Lock()
	defer c.mu.Unlock()
	c.batches.next = alike{keep: keep, shared: shared{Input: in, CheckTimeout: c.options.Check.Timeout, SecondOpinion: c.options.Check.SecondOpinion,
		Memory: c.options.Bounds.Memory, Whole: keep == nil}}
	if c.batches.text == nil || !c.batches.next.equals(&c.batches.last) {
		c.send() // the open batch is another
		c.batches.last = c.batches.next
		c.batches.text = c.batches.last.shared.text()
	}
	p := c.unasked(t)
	t.Key = p.key
	p.asked = true
	if p.done {
		return p
	}
	p.waits = true
	c.batches.waiting++
	if p.sent == nil {
		c.add(p, t)
	}
	return p
}

// unasked is a trial that was not asked for yet.
func (c *Coordinator) unasked(t task) *pending {
	for again := uint32(0); ; again++ {
		k := t.key(c.batches.text, again)
		if _, ok := c.stored[k]; ok {
			continue
		}
		if p := c.trial(k); !p.asked {
			return p
		}
	}
}

// trial is the trial of a key, which is not stored. Its caller holds the lock, as those of the other functions without a context do.
func (c *Coordinator) trial(k key) *pending {
	p, ok := c.trials[k]
	if !ok {
		p = &pending{key: k, answered: make(chan struct{})}
		c.trials[k] = p
	}
	return p
}

// add puts a trial into the open batch, which is published when it has enough of them or has waited for long enough.
func (c *Coordinator) add(p *pending, t task) {
	b := c.batches.open
	size := c.size()
	if b == nil {
		b = &sent{batch: batch{Shared: c.batches.text, Keep: c.batches.last.keep}}
		c.batches.count++
		b.task = queue.Task{Lane: c.lane(), Campaign: c.options.Campaign, Key: fmt.Sprintf("%s-%d", c.self.ID, c.batches.count)}
		c.batches.open = b
		if size > 1 {
			time.AfterFunc(linger, func() { c.sendIf(b) })
		}
	}
	p.sent = b
	b.batch.Trials = append(b.batch.Trials, t)
	b.unanswered++
	b.bytes += len(t.Schedule)
	if len(b.batch.Trials) >= size || b.bytes >= mostSchedules {
		c.send()
	}
}

// size is how many trials there should be in a batch.
func (c *Coordinator) size() int {
	if c.batches.each == 0 {
		return 1
	}
	slots := 0
	for _, w := range c.workers {
		slots += w.Slots
	}
	return max(1, min(int(work/c.batches.each), c.batches.waiting/(share*max(1, slots))))
}

// measure notes what a trial took.
func (c *Coordinator) measure(took time.Duration) {
	took = max(1, took)
	if c.batches.each == 0 {
		c.batches.each = took
		return
	}
	c.batches.each = max(1, c.batches.each+(took-c.batches.each)/8)
}

// send has the open batch published, if there is one.
func (c *Coordinator) send() {
	if c.batches.open == nil {
		return
	}
	c.batches.ready = append(c.batches.ready, c.batches.open)
	c.batches.open = nil
	select {
	case c.batches.wake <- struct{}{}:
	default: // it is awake
	}
}

// sendIf has a batch published if it is still open.
func (c *Coordinator) sendIf(b *sent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.batches.open == b {
		c.send()
	}
}

// publish publishes batches until the context ends.
func (c *Coordinator) publish(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.batches.wake:
		}
		c.mu.Lock()
		ready := c.batches.ready
		c.batches.ready = nil
		c.mu.Unlock()
		for _, b := range ready {
			all.Go(func() { c.publishOne(ctx, b) })
		}
	}
}

// publishOne publishes a batch, unless all of its trials were given up.
func (c *Coordinator) publishOne(ctx context.Context, b *sent) {
	body := b.batch.pack()
	c.mu.Lock()
	b.task.Body = body
	t, wanted := b.task, c.wanted(b)
	c.mu.Unlock()
	if !wanted {
		return
	}
	err := c.insist(ctx, func() error { return c.queue.Publish(ctx, t) })
	if errors.Is(err, queue.ErrClosed) {
		c.breakOff()
	}
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.unanswered > 0 && c.wanted(b) { // a worker may have been faster
		c.batches.sent[t.Key] = b
	}
}

// wanted reports whether somebody waits for a trial of a batch.
func (c *Coordinator) wanted(b *sent) bool {
	return slices.ContainsFunc(b.batch.Trials, func(t task) bool {
		p, ok := c.trials[t.Key]
		return ok && p.waits
	})
}

// giveUp notes that nobody waits for a trial any more. A batch of which nothing is wanted is taken out of the queue; it is no harm if it stays.
func (c *Coordinator) giveUp(p *pending) {
	c.mu.Lock()
	b := p.sent
	if p.waits {
		p.waits = false
		c.batches.waiting--
	}
	if b == nil || c.wanted(b) {
		c.mu.Unlock()
		return
	}
	if c.batches.open == b {
		c.batches.open = nil
	}
	delete(c.batches.sent, b.task.Key)
	for _, t := range b.batch.Trials {
		if p, ok := c.trials[t.Key]; ok {
			p.sent = nil
		}
	}
	t := b.task
	c.mu.Unlock()
	if t.Body == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.queue.Withdraw(ctx, t.Lane, t.Campaign, t.Key)
}

// searchEvery is how often the queue is asked whether it still has what is waited for.
const searchEvery = 10 * time.Second

// search publishes batches again that the queue has lost: the machine of a server may lose power, and somebody may remove a stream.
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

// missing are batches that were published, are not answered, and of which the queue had nothing twice in a row: an answer may have been
// settled, or a batch handed back, while it was asked.
func (c *Coordinator) missing(there []string) []queue.Task {
	has := map[string]bool{}
	for _, key := range there {
		has[key] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var again []queue.Task
	for key, b := range c.batches.sent {
		if has[key] || !c.lacks(b, has) {
			b.missing = 0
			continue
		}
		if b.missing++; b.missing == 2 {
			b.missing = 0
			b.task.Attempt++
			again = append(again, b.task)
		}
	}
	return again
}

// lacks reports whether a trial of a batch is neither answered nor in the queue as a part.
func (c *Coordinator) lacks(b *sent, has map[string]bool) bool {
	for i, t := range b.batch.Trials {
		if p, ok := c.trials[t.Key]; ok && !p.done && !has[partOf(b.task.Key, i)] {
			return true
		}
	}
	return false
}
