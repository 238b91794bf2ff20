package powerloss

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
)

// examine opens the store on what a loss of power left, and returns after how many transactions it is there. It has to
// take the next one, and to have it when it is opened once more.
func (r *run) examine(l loss) (held int, err error) {
	left := l.left.AfterPowerLoss(quick(rand.New(rand.NewPCG(0, 0)))) // all of it, for it is durable
	err = survive(func() error {
		return r.runner.reopen(left, func(s Store) (err error) {
			if held, err = r.read(s, l.acknowledged, l.begun); err != nil {
				return err
			}
			if err := s.Commit(r.workload.transaction(held + 1)); err != nil {
				return fmt.Errorf("commit transaction %d after the restart: %w", held+1, err)
			}
			return nil
		})
	})
	if err != nil {
		return held, err
	}
	err = survive(func() error {
		return r.runner.reopen(left, func(s Store) error {
			_, err := r.read(s, held+1, held+1)
			return err
		})
	})
	if err != nil {
		return held, fmt.Errorf("opened once more after transaction %d: %w", held+1, err)
	}
	return held, nil
}

// survive returns as an error what the store panics with on this goroutine, which may be that a memory map has no file behind it.
func survive(use func() error) (err error) {
	before := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(before)
		if reason := recover(); reason != nil {
			err = panicked{reason, string(debug.Stack())}
		}
	}()
	return use()
}

// panicked is the error of a store that panics.
type panicked struct {
	reason any
	stack  string
}

func (p panicked) Error() string { return fmt.Sprintf("the store panics: %v", p.reason) }

// read reads the store, and returns after how many transactions it is.
func (r *run) read(s Store, acknowledged, begun int) (int, error) {
	pairs, err := s.Read()
	if err != nil {
		return 0, fmt.Errorf("read the store: %w", err)
	}
	n, err := r.workload.recognize(pairs, begun)
	switch {
	case err != nil:
		return n, fmt.Errorf("the store is in no state that there was: %w", err)
	case n < acknowledged:
		return n, fmt.Errorf("the store is as it was after transaction %d: %s", n, lost(n+1, acknowledged))
	}
	return n, nil
}

// lost says which transactions are gone.
func lost(first, last int) string {
	if first == last {
		return fmt.Sprintf("%d, which it had acknowledged, is lost", first)
	}
	return fmt.Sprintf("%d to %d, which it had acknowledged, are lost", first, last)
}
