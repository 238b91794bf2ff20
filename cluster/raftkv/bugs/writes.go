package bugs

import (
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/raftkv"
)

// Bugs in how a leader replicates commands.
var writes = []bug{
	{Bug: cluster.Bug{
		Name:    "ack-before-commit",
		Summary: "a leader acknowledges a write a millisecond after receiving it, without waiting for others",
		Why: "If it dies or is cut off before the entry is on a majority, the write is gone. Kafka with acks=1 and " +
			"Redis with asynchronous replication do so by design.",
		File: "cluster/raftkv/bugs/writes.go"},
		parts: raftkv.Parts{Write: ackBeforeCommit}},
	{Bug: cluster.Bug{
		Name:    "late-cas",
		Summary: "the leader compares a cas when it proposes it, and it is applied as a plain write",
		Why: "Another write may come between the two. Check-then-act across the log: the decision belongs in the state machine, where there is " +
			"one order.",
		File:   "cluster/raftkv/bugs/writes.go",
		Canary: true, Workload: "register", Ops: []string{"cas"}},
		parts: raftkv.Parts{Write: func(n *raftkv.Node, next raftkv.Write) raftkv.Write {
			return casBefore(n, n.Local, next)
		}}},
	{Bug: cluster.Bug{
		Name:    "stale-cas",
		Summary: "a leader compares a cas against a copy of the state that is up to a quarter of a second old",
		Why:     "A cas that succeeds against a replaced value loses the update in between. So do read replicas in front of conditional writes.",
		File:    "cluster/raftkv/bugs/writes.go",
		Canary:  true, Workload: "register", Ops: []string{"cas"}},
		parts: raftkv.Parts{Write: func(n *raftkv.Node, next raftkv.Write) raftkv.Write {
			return casBefore(n, oldCopy(n), next)
		}}},
	{Bug: cluster.Bug{
		Name:    "new-leader-repeats",
		Summary: "a new leader proposes the newest writes in its log once more, as commands of its own",
		Why: "Entries of earlier terms need no second proposal: the new leader's first entry commits them (Raft, 5.4.2). Repeated under " +
			"another name they escape the session table, and undo later writes.",
		File: "cluster/raftkv/bugs/writes.go"},
		parts: raftkv.Parts{Write: newLeaderRepeats}},
}

func ackBeforeCommit(_ *raftkv.Node, next raftkv.Write) raftkv.Write {
	type answer struct {
		result raftkv.Result
		err    error
	}
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if !puts(c) {
			return next(c)
		}
		done := make(chan answer, 1)
		own := *c
		go func() {
			result, err := next(&own)
			done <- answer{result, err}
		}()
		select {
		case a := <-done: // refused, most likely
			return a.result, a.err
		case <-time.After(time.Millisecond):
			return raftkv.Result{Matched: true}, nil
		}
	}
}

// casBefore compares a cas with what lookup finds and replicates a write in its place.
func casBefore(n *raftkv.Node, lookup func(*raftkv.Command) raftkv.Result, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if c.Op != raftkv.OpCAS || n.Ready() == 0 {
			return next(c)
		}
		found := lookup(&raftkv.Command{Op: raftkv.OpGet, Key: c.Key})
		if !found.Holds(c.Old) {
			found.Matched = false
			return found, nil
		}
		write := *c
		write.Op = raftkv.OpPut
		return next(&write)
	}
}

// oldCopy returns a lookup in a copy of the node's state.
func oldCopy(n *raftkv.Node) func(*raftkv.Command) raftkv.Result {
	const age = 250 * time.Millisecond
	var mu sync.Mutex
	var taken time.Time
	copied := map[question]raftkv.Result{}
	return func(c *raftkv.Command) raftkv.Result {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(taken) > age {
			taken = time.Now()
			clear(copied)
		}
		asked := question{c.Name, c.Key, c.New}
		if _, ok := copied[asked]; !ok {
			copied[asked] = n.Local(c)
		}
		return copied[asked]
	}
}

func newLeaderRepeats(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		result, err := next(c)
		if c.Op == raftkv.OpNoop && err == nil {
			go repeatNewest(n, next)
		}
		return result, err
	}
}

func repeatNewest(n *raftkv.Node, next raftkv.Write) {
	const newest = 16
	last, err := n.Logs().LastIndex()
	if err != nil {
		return
	}
	for i := max(last, newest) - newest + 1; i <= last; i++ {
		if c, ok := entry(n, i); ok && puts(&c) {
			c.Client, c.Serial = nobody+last, i
			if _, err := next(&c); err != nil {
				return
			}
		}
	}
}

// puts reports whether a command puts something there, and is answered with nothing: a write, or an add or an enqueue.
func puts(c *raftkv.Command) bool {
	return c.Op == raftkv.OpPut || slices.Contains(unanswered, c.Name)
}

var unanswered = []string{ops.Of(ops.Set, ops.Add), ops.Of(ops.Counter, ops.Add), ops.Of(ops.Queue, ops.Enqueue)}

// nobody is more than the number of any client.
const nobody = 1 << 40

// entry reads a command from a node's log.
func entry(n *raftkv.Node, i uint64) (raftkv.Command, bool) {
	var l raft.Log
	if n.Logs().GetLog(i, &l) != nil {
		return raftkv.Command{}, false
	}
	return raftkv.DecodeCommand(&l)
}
