package txnkv

import (
	"fmt"
	"sync"
	"time"

	"faultline/cluster/report"
	"faultline/cluster/scheduler"
	"faultline/cluster/sim"
)

// doubts records transactions that are in doubt for longer than an answer takes.
type doubts struct {
	mu    sync.Mutex
	start time.Time
	all   []report.InDoubt
	open  map[doubt]int // an index in all
}

type doubt struct {
	txn   id
	shard int
}

// notice notes that a shard does not know what was decided of a transaction.
func (d *doubts) notice(p *sim.Process, t id, shard, coordinator int) {
	defer scheduler.Enter().Leave() // the record is shared by all processes
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.open[doubt{t, shard}]; known || p.Dead() {
		return
	}
	d.open[doubt{t, shard}] = len(d.all)
	d.all = append(d.all, report.InDoubt{Transaction: t.String(), Node: p.Node(), Coordinator: fmt.Sprintf("shard %d", coordinator),
		Since: time.Since(d.start) - doubtAfter, Until: -1})
	fmt.Fprintf(p.Log(), "[WARN]  txnkv: %v is in doubt: shard %d has to decide\n", t, coordinator)
}

// over notes that a shard knows.
func (d *doubts) over(t id, shard int) {
	defer scheduler.Enter().Leave() // the record is shared by all processes
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, known := d.open[doubt{t, shard}]; known && d.all[i].Until < 0 {
		d.all[i].Until = time.Since(d.start)
	}
}
