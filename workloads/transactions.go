package workloads

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"faultline/checker"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// transactionOps is what a workload of transactions does.
var transactionOps = []string{ops.Of(ops.Transaction, ops.Txn)}

// transactions is a workload of transactions on lists or registers, judged by the anomalies that its histories show.
type transactions struct {
	transactionKeys
	next    func(*rand.Rand) []ops.Step // draws a transaction
	checker checker.Checker
}

// transactionKeys are the keys of a workload of transactions.
type transactionKeys interface {
	HotKeyed
	// names are the keys that may ever have been written.
	names() []string
}

// transactionsOn is the workload whose transactions a function draws, of the keys that it is given.
func transactionsOn[K transactionKeys](keys K, next func(K, *rand.Rand) []ops.Step, c checker.Checker) Workload {
	return &transactions{keys, func(draw *rand.Rand) []ops.Step { return next(keys, draw) }, c}
}

func (w *transactions) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &transactionThread{draw: c.Draw, next: w.next} }},
		ReadNearEachNode(func() []cluster.Op { return readsInTransactions(w.names()) }),
	}
}

func (w *transactions) Checkers() []checker.Checker { return []checker.Checker{w.checker} }

// transactionThread generates one thread's transactions.
type transactionThread struct {
	indifferent
	draw *rand.Rand
	next func(*rand.Rand) []ops.Step
}

func (t *transactionThread) Next() (cluster.Op, bool) { return inTransaction(t.next(t.draw)), true }

// inTransaction is a transaction of some steps.
func inTransaction(steps []ops.Step) cluster.Op {
	return cluster.Op{Object: ops.Transaction, F: ops.Txn, Value: ops.EncodeSteps(steps)}
}

// liveKeys are the keys that transactions work on, as in Elle's generator: some are live, of which the first is twice as likely as the
// second, and so on. A key that was written often enough is replaced by a fresh one. So lists stay short, and what happens to a
// key is seen from its beginning to its end.
//
// Keys are named after the group in which they were made, "g3/k14", so that a scan finds a few of them: some may not be there yet.
type liveKeys struct {
	hotKey
	live  []*liveKey
	count int // of all keys
}

// liveKey is a key and what it was written: 1, 2, 3, …
type liveKey struct {
	group, name string
	written     int64
}

const (
	// defaultLiveKeys is how many keys are live at a time.
	defaultLiveKeys = 8
	// writesPerKey is how often a key is written.
	writesPerKey = 32
	// keyGroup is how many keys a scan finds.
	keyGroup = 4
)

func newLiveKeys(o Options) *liveKeys {
	k := &liveKeys{hotKey: hotKey{usual: o.HotKey}}
	for range cmp.Or(o.Keys, defaultLiveKeys) {
		k.live = append(k.live, k.create())
	}
	return k
}

func (k *liveKeys) create() *liveKey {
	k.count++
	return &liveKey{group: liveGroup(k.count), name: liveKeyName(k.count)}
}

// liveKeyName is the name of a key by its number, the first of which is 1.
func liveKeyName(n int) string { return fmt.Sprintf("%sk%d", liveGroup(n), n) }

// liveGroup is the prefix of the keys that were made together with the nth.
func liveGroup(n int) string { return fmt.Sprintf("g%d/", (n-1)/keyGroup+1) }

// index draws which of the live keys a step is about.
func (k *liveKeys) index(draw *rand.Rand) int {
	if k.hot(draw) {
		return 0
	}
	i := 0
	for i < len(k.live)-1 && draw.IntN(2) == 0 {
		i++
	}
	return i
}

// read draws a key to read.
func (k *liveKeys) read(draw *rand.Rand) string { return k.live[k.index(draw)].name }

// write draws a key to write, and what.
func (k *liveKeys) write(draw *rand.Rand) (name string, v history.Value) {
	i := k.index(draw)
	key := k.live[i]
	if key.written++; key.written == writesPerKey {
		k.live[i] = k.create()
	}
	return key.name, history.IntValue(key.written)
}

// scan draws a prefix to scan.
func (k *liveKeys) scan(draw *rand.Rand) string { return k.live[k.index(draw)].group }

// names are all keys that there ever were.
func (k *liveKeys) names() []string {
	var all []string
	for n := range k.count {
		all = append(all, liveKeyName(n+1))
	}
	return all
}

// readsInTransactions are transactions that read these keys, a few each.
func readsInTransactions(keys []string) []cluster.Op {
	var all []cluster.Op
	for few := range slices.Chunk(keys, keyGroup) {
		var steps []ops.Step
		for _, key := range few {
			steps = append(steps, ops.ReadOf(key))
		}
		all = append(all, inTransaction(steps))
	}
	return all
}
