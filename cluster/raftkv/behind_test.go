package raftkv

import (
	"slices"
	"testing"
	"time"

	"faultline/cluster"
)

// A node is behind as long as it has not applied what is committed, and only if it runs and is one of the cluster.
func TestBehind(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		behind := func(when string, want ...string) {
			t.Helper()
			if got := l.Behind(); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", when, got, want)
			}
		}
		settle := func() { time.Sleep(time.Second) }
		settle()
		behind("when all is well")

		late := l.follower()
		for _, n := range l.Nodes() {
			l.Faults().Links.Cut(n, late)
		}
		l.write("k", 1)
		settle()
		behind("when one hears nothing", late)
		l.check(l.Crash(late))
		behind("when that one is down")

		for _, n := range l.Nodes() {
			l.Faults().Links.Mend(n, late)
		}
		l.check(l.Restart(late))
		for range 30 { // raft tries a follower that failed again after ten seconds at most
			if settle(); len(l.Behind()) == 0 {
				break
			}
		}
		behind("when it has caught up")

		l.check(l.Become(late, cluster.Outside))
		settle()
		l.write("k", 2)
		settle()
		behind("when it is none of the cluster")
	})
}
