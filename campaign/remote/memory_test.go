package remote

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"faultline/campaign/remote/queue"
)

// memory is a queue in memory that does no more than a queue must: whatever may come twice does, now and then.
type memory struct {
	mu      sync.Mutex
	tasks   []*held
	answers []queue.Answer
	objects map[string][]byte
	parties []*guest
	tokens  int
	full    bool // nothing is taken
	largest int  // batch of those that were published, in trials
}

// size is how many tasks there are, and how many trials the largest had that ever was.
func (m *memory) size() (tasks, largest int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.tasks), m.largest
}

// held is a task in the queue.
type held struct {
	queue.Task
	until time.Time // whose it is until then; zero if it was not handed out
	times int       // how often it was
}

// guest is a connection to the queue.
type guest struct {
	*memory
	self  queue.Party
	came  []queue.Party
	heard map[string]bool // answers that this connection was handed, by token
	dead  bool            // it says nothing any more, as its program was killed
}

var errDead = errors.New("it was killed")

// join returns a queue by way of the protocol, and what it leads to.
func (m *memory) join(t *testing.T) (queue.Queue, *guest) {
	g := &guest{memory: m, heard: map[string]bool{}}
	here, there := net.Pipe()
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = queue.Serve(there, func(context.Context, queue.Server) (queue.Queue, error) { return g, nil })
	}()
	q, err := queue.Connect(t.Context(), here, queue.Server{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = q.Close()
		<-served
	})
	return q, g
}

// kill has a connection do nothing from now on.
func (g *guest) kill() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dead = true
}

var errFull = errors.New("no space left")

// add is in for what takes space.
func (g *guest) add(do func()) error {
	full := false
	err := g.in(func() {
		if full = g.full; !full {
			do()
		}
	})
	if full {
		return errFull
	}
	return err
}

// in does something while nobody else does, unless the connection is dead.
func (g *guest) in(do func()) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.dead {
		return errDead
	}
	do()
	return nil
}

func (g *guest) Meet(_ context.Context, self queue.Party) (there []queue.Party, err error) {
	return there, g.in(func() {
		g.self = self
		for _, other := range g.parties {
			if (other.self.Campaign == "") != (self.Campaign == "") && !other.dead {
				there = append(there, other.self)
				other.came = append(other.came, self)
			}
		}
		g.parties = append(g.parties, g)
	})
}

func (g *guest) Newcomers(ctx context.Context) (came []queue.Party, err error) {
	pause(ctx, queue.Patience)
	return came, g.in(func() { came, g.came = g.came, nil })
}

func (g *guest) at(t queue.Task) int {
	return slices.IndexFunc(g.tasks, func(h *held) bool {
		return h.Lane == t.Lane && h.Campaign == t.Campaign && h.Key == t.Key && (t.Token == "" || h.Token == t.Token)
	})
}

func (g *guest) Publish(_ context.Context, t queue.Task) error {
	var b batch
	if err := unpack(t.Body, &b); err != nil {
		return err
	}
	return g.add(func() {
		g.largest = max(g.largest, len(b.Trials))
		if g.at(queue.Task{Lane: t.Lane, Campaign: t.Campaign, Key: t.Key}) < 0 {
			g.tasks = append(g.tasks, &held{Task: t})
		}
	})
}

func (g *guest) Left(_ context.Context, lane, campaign string) (left []queue.Task, err error) {
	return left, g.in(func() {
		for _, h := range g.tasks {
			if h.Lane == lane && h.Campaign == campaign {
				left = append(left, queue.Task{Lane: lane, Campaign: campaign, Key: h.Key, Attempt: h.Attempt, Body: h.Body})
			}
		}
	})
}

func (g *guest) Queued(_ context.Context, lane, campaign string) (keys []string, err error) {
	return keys, g.in(func() {
		for _, h := range g.tasks {
			if h.Lane == lane && h.Campaign == campaign {
				keys = append(keys, h.Key)
			}
		}
		for _, a := range g.memory.answers {
			if a.Campaign == campaign {
				keys = append(keys, a.Key)
			}
		}
	})
}

func (g *guest) Withdraw(_ context.Context, lane, campaign, key string) error {
	return g.in(func() {
		g.tasks = slices.DeleteFunc(g.tasks, func(h *held) bool {
			return h.Lane == lane && h.Campaign == campaign && (key == "" || h.Key == key)
		})
	})
}

func (g *guest) Answers(ctx context.Context, campaign string) (all []queue.Answer, err error) {
	pause(ctx, 10*time.Millisecond)
	return all, g.in(func() {
		for _, a := range g.memory.answers {
			if a.Campaign == campaign && !g.heard[a.Token] {
				g.heard[a.Token] = true
				all = append(all, a)
			}
		}
	})
}

func (g *guest) Settle(_ context.Context, all ...queue.Answer) error {
	return g.in(func() {
		for _, a := range all {
			g.memory.answers = slices.DeleteFunc(g.memory.answers, func(b queue.Answer) bool { return b.Token == a.Token })
		}
	})
}

func (g *guest) Forget(_ context.Context, campaign string) error {
	return g.in(func() {
		g.memory.answers = slices.DeleteFunc(g.memory.answers, func(a queue.Answer) bool { return a.Campaign == campaign })
	})
}

// Fetch hands out what is nobody's, or was somebody's for too long.
func (g *guest) Fetch(ctx context.Context, lanes []string, most int) (all []queue.Task, err error) {
	pause(ctx, time.Millisecond)
	err = g.in(func() {
		for _, h := range g.tasks {
			if !slices.Contains(lanes, h.Lane) || len(all) == most || time.Now().Before(h.until) {
				continue
			}
			h.until = time.Now().Add(queue.Lease)
			h.Lost = h.times
			h.times++
			g.tokens++
			h.Token = strconv.Itoa(g.tokens)
			all = append(all, h.Task)
		}
	})
	if len(all) == 0 {
		pause(ctx, queue.Patience)
	}
	return all, err
}

func (g *guest) Beat(_ context.Context, t queue.Task) error {
	return g.in(func() {
		if i := g.at(t); i >= 0 {
			g.tasks[i].until = time.Now().Add(queue.Lease)
		}
	})
}

func (g *guest) Answer(_ context.Context, a queue.Answer) error {
	return g.add(func() {
		g.tokens++
		a.Token = strconv.Itoa(g.tokens)
		g.memory.answers = append(g.memory.answers, a)
	})
}

func (g *guest) Finish(_ context.Context, t queue.Task) error {
	return g.in(func() {
		if i := g.at(t); i >= 0 {
			g.tasks = slices.Delete(g.tasks, i, i+1)
		}
	})
}

func (g *guest) Return(ctx context.Context, t queue.Task) error {
	if err := g.Finish(ctx, t); err != nil {
		return err
	}
	t.Attempt++
	t.Token, t.Lost = "", 0
	return g.Publish(ctx, t)
}

func (g *guest) Put(_ context.Context, name string, data []byte) error {
	return g.in(func() { g.objects[name] = data })
}

func (g *guest) Get(_ context.Context, name string) (data []byte, err error) {
	return data, g.in(func() { data = g.objects[name] })
}

func (g *guest) Where() string { return "memory" }

func (g *guest) Close() error { return nil }
