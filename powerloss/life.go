package powerloss

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"faultline/cluster/disk"
)

// life is one run of the store: it is opened on what a loss of power has left, commits transactions, and is closed.
type life struct {
	number int
	system disk.FileSystem
	start  *disk.Disk // all of it durable
	held   int        // after how many transactions the store was found on start
	count  int        // of transactions
	draw   *rand.Rand

	// mu guards what follows. Nobody waits while holding it.
	mu                  sync.Mutex
	begun, acknowledged int // transactions
	changes             []string
	losses              []loss
}

// loss is a loss of power that is supposed.
type loss struct {
	change              int // the number of changes before it
	acknowledged, begun int
	left                *disk.Disk
}

// watch supposes a loss of power at each change of a disk.
func (l *life) watch(d *disk.Disk) {
	d.OnChange(func(what string) {
		l.mu.Lock()
		l.changes = append(l.changes, what)
		supposed := loss{change: len(l.changes), acknowledged: l.acknowledged} // before what is left is, and what was begun after it
		l.mu.Unlock()
		supposed.left = d.AfterPowerLoss(quick(l.drawn()))
		l.mu.Lock()
		defer l.mu.Unlock()
		supposed.begun = l.begun
		l.losses = append(l.losses, supposed)
	})
}

// drawn is a generator of its own.
func (l *life) drawn() *rand.Rand {
	l.mu.Lock()
	defer l.mu.Unlock()
	return rand.New(rand.NewPCG(l.draw.Uint64(), l.draw.Uint64()))
}

// quick describes a disk that takes no time, for use outside of virtual time.
func quick(draw *rand.Rand) disk.Config {
	return disk.Config{FileSystem: disk.Lazy, Base: time.Nanosecond, Rand: draw, FaultRand: draw}
}

// begin notes that a transaction is under way.
func (l *life) begin(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = n
}

// acknowledge notes that the store has acknowledged a transaction.
func (l *life) acknowledge(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged = n
}

// live has a store that is open do the life's transactions, and closes it.
func live(s Store, w *workload, first, count int, begin, acknowledge func(n int)) error {
	for n := first; n < first+count; n++ {
		begin(n)
		if err := s.Commit(w.transaction(n)); err != nil {
			return fmt.Errorf("commit transaction %d: %w", n, err)
		}
		acknowledge(n)
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}
