package trial

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"
)

// Pool says where trials are run, and how many of them at once.
type Pool struct {
	Runner  Runner
	Workers int // 0 for one on each core
	// Queued is how many more are handed to the runner than run at once, so that none of its workers waits; 0 for a runner on this machine.
	Queued int
}

// Cores is how many trials can run at once with a core to themselves. On other machines the workers know that.
func (p Pool) Cores() int {
	if p.Queued > 0 {
		return p.Size()
	}
	return runtime.GOMAXPROCS(0)
}

// Size is how many trials run at once.
func (p Pool) Size() int {
	if p.Workers > 0 {
		return p.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// ErrEnough is what take returns when no further result is needed. It ends the work as an error does, but is not
// reported as one.
var ErrEnough = errors.New("enough")

// AsTheyEnd does every task, as many at once as there are workers, and calls take with each result as soon as it is
// there. Take is called on the caller's goroutine only.
//
// The first error of do or take, or the end of the context, ends the work: no further task is begun, the context of
// running tasks is cancelled, and AsTheyEnd waits for them. Results that they still return are taken, so nothing
// that was finished is lost. It returns the first error. If there is none but the context ended before every task was
// done, it returns the cause of that.
func AsTheyEnd[T, R any](ctx context.Context, workers int, tasks iter.Seq[T], do func(context.Context, T) (R, error), take func(R) error) error {
	w := begin(ctx, workers, tasks, do)
	for a := range w.answers {
		w.settle(a, take)
	}
	return w.end()
}

// InOrder does every task, as many at once as there are workers, and calls take with the results in the order of the
// tasks. So neither what is taken nor the error depends on the number of workers, unless the context ends. Take is
// called on the caller's goroutine only. A result waits in memory until all earlier ones are taken.
//
// After an error of do no further task is begun, but earlier tasks are finished and taken first. An error of take, or
// the end of the context, ends the work at once, as in AsTheyEnd.
func InOrder[T, R any](ctx context.Context, workers int, tasks iter.Seq[T], do func(context.Context, T) (R, error), take func(R) error) error {
	w := begin(ctx, workers, tasks, do)
	early, next, going := map[int]answer[R]{}, 0, true
	for a := range w.answers {
		early[a.task] = a
		for a, ok := early[next]; ok && going; a, ok = early[next] {
			delete(early, next)
			next++
			going = w.settle(a, take)
		}
	}
	return w.end()
}

// answer is the result of a task.
type answer[R any] struct {
	task   int // its number
	result R
	err    error
}

// work is tasks that are being done.
type work[T, R any] struct {
	ctx     context.Context // of the tasks
	cancel  context.CancelFunc
	cause   func() error   // why the caller's context ended
	answers chan answer[R] // closed once no task is under way and none will be started

	mu   sync.Mutex // guards what follows
	next func() (T, bool)
	stop func() // ends next
	fed  int    // tasks that were begun
	over bool   // no further one is begun

	failed error // the first error
	enough bool
	cut    bool // the context ended before every task was done
}

// begin starts the workers.
func begin[T, R any](ctx context.Context, workers int, tasks iter.Seq[T], do func(context.Context, T) (R, error)) *work[T, R] {
	w := &work[T, R]{cause: func() error { return context.Cause(ctx) }, answers: make(chan answer[R])}
	w.ctx, w.cancel = context.WithCancel(ctx)
	w.next, w.stop = iter.Pull(tasks)
	var all sync.WaitGroup
	for range max(1, workers) {
		all.Go(func() { w.work(do) })
	}
	go func() {
		all.Wait()
		close(w.answers)
	}()
	return w
}

// work does one task after the other until there are no more.
func (w *work[T, R]) work(do func(context.Context, T) (R, error)) {
	for n, task, ok := w.feed(); ok; n, task, ok = w.feed() {
		result, err := do(w.ctx, task)
		if err != nil {
			w.starve()
		}
		w.answers <- answer[R]{n, result, err}
	}
}

// feed returns the next task and its number.
func (w *work[T, R]) feed() (n int, task T, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return 0, task, false
	}
	if task, ok = w.next(); !ok {
		w.over = true
		return 0, task, false
	}
	if w.ctx.Err() != nil {
		w.over, w.cut = true, true
		return 0, task, false
	}
	w.fed++
	return w.fed - 1, task, true
}

// starve has no further task begun.
func (w *work[T, R]) starve() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}

// settle has a result taken, or notes the error. It reports whether the work goes on.
func (w *work[T, R]) settle(a answer[R], take func(R) error) bool {
	err := a.err
	if err == nil {
		err = take(a.result)
	}
	if err == nil {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.Is(err, ErrEnough):
		w.enough = true
	case w.ctx.Err() != nil && errors.Is(err, w.ctx.Err()):
		w.cut = true
	case w.failed == nil:
		w.failed = err
	}
	w.cancel()
	return false
}

// end is to be called when there are no more answers. It returns the error of the whole.
func (w *work[T, R]) end() error {
	w.stop()
	w.cancel()
	switch {
	case w.failed != nil:
		return w.failed
	case w.cut && !w.enough:
		return w.cause()
	}
	return nil
}
