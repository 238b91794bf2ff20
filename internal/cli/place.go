package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign/remote"
	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/internal/wording"
)

// work is what is to be run.
type work struct {
	name     string // for people
	dir      string // of the campaign; empty for work that is not resumed
	programs bool   // its worlds run programs that were built
	check    checker.Options
}

// place is where trials are run: on this machine or, with --nats, on others.
type place struct {
	pool        trial.Pool
	coordinator *remote.Coordinator // nil on this machine
	queue       queue.Queue
	differences *differences

	local   sync.WaitGroup // the worker that is a part of this program
	dismiss context.CancelFunc
	spent   []string // files and directories that are removed when nothing is left to be done
	resumed bool     // what is not done yet may be later
}

// place finds a place to run trials. Its errors are the user's to mend. The place must be closed.
func (f *worldFlags) place(cmd *cobra.Command, w work) (*place, error) {
	b, err := bounds(f.memory)
	if err != nil {
		return nil, err
	}
	if f.server.URL == "" {
		return &place{pool: trial.Pool{Workers: f.workers, Runner: trial.Local{Bounds: b, Check: w.check}}}, nil
	}
	if f.workers > 0 && !f.embedded() {
		return nil, fmt.Errorf("--workers %d: this program runs no worlds with --nats %s, its workers do; say how many at once to 'faultline worker'", f.workers, f.server.URL)
	}
	p := &place{resumed: w.dir != "", dismiss: func() {}}
	if err := p.begin(cmd, f, w, remote.Options{Name: w.name, Check: w.check, Bounds: b, Mixed: f.mixed, Programs: w.programs}); err != nil {
		return nil, errors.Join(err, p.leave())
	}
	return p, nil
}

// begin connects, starts a worker if the server is inside, and waits until there is one.
func (p *place) begin(cmd *cobra.Command, f *worldFlags, w work, o remote.Options) error {
	stderr := &lines{w: cmd.ErrOrStderr()}
	o.Tell = stderr.tell
	p.differences = &differences{dir: w.dir, tell: o.Tell}
	o.OnDifference = p.differences.note
	var err error
	if o.Campaign, err = p.campaignID(w.dir); err != nil {
		return err
	}
	at := f.server
	if f.embedded() {
		if at.Dir, err = storageOf(w.dir); err != nil {
			return err
		}
		p.spent = append(p.spent, at.Dir)
	}
	if p.queue, err = connect(cmd.Context(), at, stderr); err != nil {
		return err
	}
	if f.embedded() {
		if err := p.workHere(cmd.Context(), f, o, stderr); err != nil {
			return err
		}
	}
	if p.coordinator, err = remote.Coordinate(cmd.Context(), p.queue, o); err != nil {
		return err
	}
	p.awaitWorker(cmd.Context(), f, o.Tell)
	p.pool = trial.Pool{Runner: p.coordinator, Workers: max(1, p.coordinator.Slots()), Queued: queuedAhead}
	return nil
}

// queuedAhead is how many trials are in the queue beyond those that run. Workers that come later find enough there, and not much of
// a campaign is begun that ends at its first failure.
const queuedAhead = 1000

// awaitWorker waits until there is a worker, and tells of those that are there.
func (p *place) awaitWorker(ctx context.Context, f *worldFlags, tell func(string)) {
	if p.coordinator.Slots() == 0 && !f.embedded() {
		tell(fmt.Sprintf("no worker is there yet: start some by '%s worker --nats URL'", program))
	}
	for p.coordinator.Slots() == 0 && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	var names []string
	for _, w := range p.coordinator.Workers() {
		names = append(names, fmt.Sprintf("%s (%d at once)", w.Name, w.Slots))
	}
	if names != nil {
		tell(fmt.Sprintf("%s: %s", wording.Count(len(names), "worker"), strings.Join(names, ", ")))
	}
}

// workHere starts a worker in this program, on a connection of its own.
func (p *place) workHere(ctx context.Context, f *worldFlags, o remote.Options, stderr io.Writer) error {
	o.Tell(fmt.Sprintf("a NATS server is at %s", p.queue.Where()))
	q, err := connect(ctx, queue.Server{URL: p.queue.Where()}, stderr)
	if err != nil {
		return err
	}
	slots := f.workers
	if slots == 0 {
		slots = runtime.GOMAXPROCS(0)
	}
	ctx, p.dismiss = context.WithCancel(ctx)
	p.local.Go(func() {
		err := remote.Work(ctx, q, remote.WorkerOptions{Name: "here", Slots: slots, Bounds: o.Bounds, Mixed: o.Mixed, Programs: o.Programs, Tell: o.Tell, Runner: localRunner})
		if err = errors.Join(err, q.Close()); err != nil && ctx.Err() == nil {
			o.Tell(fmt.Sprintf("the worker in this program has ended: %v", err))
		}
	})
	return nil
}

// close ends the use of the place. Complete says that nothing is left to be done.
func (p *place) close(complete bool) error {
	if p.coordinator == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	complete = complete || !p.resumed
	err := p.coordinator.Close(ctx, complete)
	if errors.Is(err, queue.ErrClosed) {
		err = nil // whoever waited for a trial was told
	}
	if !complete {
		p.spent = nil
	}
	return errors.Join(err, p.leave(), p.differences.err())
}

// leave closes connections and removes what the server inside has kept.
func (p *place) leave() error {
	p.dismiss()
	p.local.Wait()
	var err error
	if p.queue != nil {
		err = p.queue.Close()
	}
	for _, path := range p.spent {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

// storageOf is where the server inside keeps what it has: in the campaign's directory, so that it is there when that is resumed.
func storageOf(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "faultline-nats")
	}
	return filepath.Join(dir, ".nats"), nil
}

// campaignID is what the campaign in a directory is called in the queue, by whatever server. It is the same when it is resumed.
func (p *place) campaignID(dir string) (string, error) {
	if dir == "" {
		return remote.NewID(), nil
	}
	file := filepath.Join(dir, "queue.id")
	p.spent = append(p.spent, file)
	b, err := os.ReadFile(file)
	if id := strings.TrimSpace(string(b)); err == nil && id != "" {
		return id, nil
	}
	id := remote.NewID()
	return id, os.WriteFile(file, []byte(id+"\n"), 0o644)
}

// lines writes whole lines, for several goroutines.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func (l *lines) tell(line string) { fmt.Fprintf(l, "faultline: %s\n", line) }
