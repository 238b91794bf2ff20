package bugs

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/raftkv"
	"faultline/history"
)

// Bugs in locks.
var locks = []bug{
	{Bug: cluster.Bug{
		Name:    "release-unchecked",
		Summary: "a release frees a lock or a semaphore, whoever holds it",
		Why: "A client that wrongly believes that it still holds the lock takes it from its holder. In Redis' recipe for a lock each holder " +
			"writes a value of its own, and compares before it deletes.",
		File: "cluster/raftkv/bugs/locks.go", Workload: "lock", Ops: onAll(ops.Release)},
		parts: raftkv.Parts{FSM: applying(releaseUnchecked)}},
	{Bug: cluster.Bug{
		Name:    "release-frees-all",
		Summary: "a release frees a reentrant lock, however often its holder has acquired it",
		Why: "Code that holds a lock calls code that also takes it, and has lost the lock when that returns. Redisson's lock therefore counts " +
			"for each holder, and deletes the lock when the count is 0.",
		File: "cluster/raftkv/bugs/locks.go", Workload: "reentrant-lock", Ops: []string{ops.Of(ops.ReentrantLock, ops.Release)}, Canary: true},
		parts: raftkv.Parts{FSM: applying(releaseFreesAll)}},
	{Bug: cluster.Bug{
		Name:    "lock-granted-early",
		Summary: "a leader checks whether a lock or a permit is free when an acquire arrives, and followers do not check again",
		Why: "Two concurrent acquires both find it free, and a new leader that has not applied everything finds a held lock free. Whether the " +
			"lock is free must be decided where there is one order.",
		File: "cluster/raftkv/bugs/locks.go", Workload: "lock", Ops: onAll(ops.Acquire), Canary: true},
		parts: raftkv.Parts{Write: lockGrantedEarly, FSM: applying(takeGranted)}},
	{Bug: cluster.Bug{
		Name:    "lock-times-out",
		Summary: "a leader grants a lock that was held for half a second to the next client that asks",
		Why: "The holder may be slow or paused, and not dead, and goes on as if it had the lock. Only a fencing token, checked by the " +
			"protected resource, keeps it out (Kleppmann 2016, How to do distributed locking).",
		File: "cluster/raftkv/bugs/locks.go", Workload: "lock", Ops: []string{ops.Of(ops.Lock, ops.Acquire), ops.Of(ops.ReentrantLock, ops.Acquire)}},
		parts: raftkv.Parts{Write: lockTimesOut, FSM: applying(takeGranted)}},
	{Bug: cluster.Bug{
		Name:    "tokens-in-memory",
		Summary: "each leader counts fencing tokens in its own memory",
		Why: "The next leader starts with small ones, and the protected resource rejects the rightful holder, or accepts an earlier one. A " +
			"token must come from the log that grants the lock.",
		File: "cluster/raftkv/bugs/locks.go", Workload: "lock", Ops: []string{ops.Of(ops.Lock, ops.Acquire)}},
		parts: raftkv.Parts{Write: tokensInMemory}},
}

// lockTypes are those that are acquired and released.
var lockTypes = []string{ops.Lock, ops.ReentrantLock, ops.Semaphore}

// onAll names an operation on each type of lock.
func onAll(f string) []string {
	var names []string
	for _, t := range lockTypes {
		names = append(names, ops.Of(t, f))
	}
	return names
}

// lockOf is the lock, or the semaphore, that a command releases or acquires.
func lockOf(c *raftkv.Command, f string) (objects.ID, bool) {
	i := slices.IndexFunc(lockTypes, func(t string) bool { return c.Name == ops.Of(t, f) })
	if i < 0 {
		return objects.ID{}, false
	}
	return objects.ID{Type: lockTypes[i], Key: c.Key}, true
}

func releaseUnchecked(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		answer := next(l)
		c, _ := raftkv.DecodeCommand(l)
		id, releases := lockOf(&c, ops.Release)
		if r, _ := answer.(raftkv.Result); releases && isNew(answer, l) && !r.Matched {
			n.FSM().Change(func(s *raftkv.State) { delete(s.Objects(), id) })
			r.Matched = true
			return r
		}
		return answer
	}
}

func releaseFreesAll(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		answer := next(l)
		c, _ := raftkv.DecodeCommand(l)
		id, releases := lockOf(&c, ops.Release)
		if r, _ := answer.(raftkv.Result); releases && id.Type == ops.ReentrantLock && isNew(answer, l) && r.Matched {
			n.FSM().Change(func(s *raftkv.State) { delete(s.Objects(), id) })
		}
		return answer
	}
}

// granted marks a command that acquires a lock whoever holds it, and unlimited is a number of permits that is never reached.
const granted, unlimited = "granted", "1000000"

// grantedAfter marks a command that acquires a lock if whoever holds it does so by a token.
func grantedAfter(token uint64) string { return fmt.Sprint(granted, " after ", token) }

// heldLock is what encodes a lock, as far as it matters here.
type heldLock struct{ Holds, Token uint64 }

// takeGranted has a lock acquired by a leader's leave that is not free: it is taken from its holder, and a semaphore has one permit
// more this time.
func takeGranted(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		answer := next(l)
		c, _ := raftkv.DecodeCommand(l)
		id, acquires := lockOf(&c, ops.Acquire)
		if r, _ := answer.(raftkv.Result); !acquires || !isNew(answer, l) || r.Matched {
			return answer
		}
		if c.Old != granted && c.Old != grantedAfter(look[heldLock](n, id).Token) {
			return answer
		}
		n.FSM().Change(func(s *raftkv.State) {
			if id.Type != ops.Semaphore {
				delete(s.Objects(), id)
			}
			s.Objects().Call(objects.Call{Name: c.Name, Key: c.Key, Argument: unlimited, Client: c.Client, Index: l.Index})
		})
		return raftkv.Result{Matched: true, Present: true, Value: history.IntValue(int64(l.Index)).String(), Index: l.Index}
	}
}

// isFree reports whether an acquire would succeed, as a node has the lock.
func isFree(n *raftkv.Node, id objects.ID, c *raftkv.Command) bool {
	if id.Type != ops.Semaphore {
		return look[heldLock](n, id).Holds == 0
	}
	permits, _ := objects.Parsed(c.New).Int()
	for _, held := range look[map[uint64]int64](n, id) {
		permits -= held
	}
	return permits > 0
}

func lockGrantedEarly(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if id, acquires := lockOf(c, ops.Acquire); acquires && isFree(n, id, c) {
			c.Old = granted
		}
		return next(c)
	}
}

// lockTimesOut remembers when this node has granted each token.
func lockTimesOut(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	const longest = 500 * time.Millisecond
	var mu sync.Mutex
	since := map[uint64]time.Time{}
	return func(c *raftkv.Command) (raftkv.Result, error) {
		id, acquires := lockOf(c, ops.Acquire)
		if !acquires || id.Type == ops.Semaphore {
			return next(c)
		}
		token := look[heldLock](n, id).Token
		mu.Lock()
		if begin, known := since[token]; known && time.Since(begin) > longest {
			c.Old = grantedAfter(token)
		}
		mu.Unlock()
		found, err := next(c)
		if err == nil && found.Matched {
			mu.Lock()
			since[found.Index] = time.Now()
			mu.Unlock()
		}
		return found, err
	}
}

func tokensInMemory(_ *raftkv.Node, next raftkv.Write) raftkv.Write {
	var mu sync.Mutex
	var last int64
	return func(c *raftkv.Command) (raftkv.Result, error) {
		found, err := next(c)
		if id, acquires := lockOf(c, ops.Acquire); acquires && id.Type == ops.Lock && err == nil && found.Matched {
			mu.Lock()
			defer mu.Unlock()
			last++
			found.Value = history.IntValue(last).String()
		}
		return found, err
	}
}
