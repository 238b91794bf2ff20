package epochlog_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/cluster/sim/epochlog"
)

type (
	log   = epochlog.Log[int]
	entry = epochlog.Entry[int]
)

// follow makes one log what another one is, as a follower does it: it asks what comes behind its end, and where the leader does not have
// that end, it cuts its log where they may have parted. It returns how often it had to cut.
func follow(leader, follower log) (followed log, cuts int) {
	for follower.End() != leader.End() {
		if end := follower.End(); leader.Has(end) {
			follower = append(slices.Clip(follower), leader.After(end.Length)...)
			continue
		}
		parted := leader.Through(follower.End().Epoch)
		follower = follower[:min(parted.Length, follower.Through(parted.Epoch).Length)]
		cuts++
	}
	return follower, cuts
}

// What Through says of two logs cuts what only one has, and nothing of what both have.
func TestLogsMeetWhereTheyParted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		branch := func(l log, name string) log {
			epoch := l.End().Epoch
			for i, n := range rapid.SliceOfN(rapid.IntRange(0, 3), 0, 4).Draw(t, name) {
				epoch++
				if name == "follower" {
					epoch += 5 // epochs of its own
				}
				for range n {
					l = append(slices.Clip(l), entry{Epoch: epoch, Command: i})
				}
			}
			return l
		}
		shared := branch(nil, "shared")
		leader, follower := branch(shared, "leader"), branch(shared, "follower")
		followed, cuts := follow(leader, follower)
		if !slices.Equal(followed, leader) || cuts > len(follower)+1 {
			t.Fatalf("%v after %v is %v, in %d cuts", leader, follower, followed, cuts)
		}
		if n := leader.Shared(shared.Length(), follower[len(shared):]); n > 0 {
			t.Fatalf("they share %d behind where they parted", n)
		}
	})
}

// Whatever two logs had, a few copies make one what the other is.
func TestCopying(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Logs of leaders in epochs 1, 2 and 3, each of which appends to a part of what the one before had.
		var logs []log
		for epoch := range uint64(3) {
			var l log
			if epoch > 0 {
				l = append(l, logs[epoch-1][:rapid.IntRange(0, len(logs[epoch-1])).Draw(t, "keeps")]...)
			}
			for range rapid.IntRange(1, 100).Draw(t, "appends") {
				l = l.Apply(l.Append(entry{Epoch: epoch + 1}))
			}
			logs = append(logs, l)
		}
		from := logs[2]
		to := slices.Clone(logs[rapid.IntRange(0, 1).Draw(t, "to")])
		for n, messages := from.Length(), 0; !to.Has(from.End()); messages++ {
			change, next, ok := to.Take(from.Copy(n))
			if ok && len(change.Entries) > 0 {
				to = to.Apply(change)
			}
			if n = next; messages > 100 {
				t.Fatalf("%v does not become %v", to.End(), from.End())
			}
		}
		if to.End() != from.End() {
			t.Fatalf("%v became %v", to.End(), from.End())
		}
	})
}
