package raftnode

import (
	"testing"

	"faultline/cluster"
)

// TestEachGroupKeepsAMajorityOfVoters, also when the cluster has more nodes to spare.
func TestEachGroupKeepsAMajorityOfVoters(t *testing.T) {
	inGroups(t, Config{}, [][]string{{"n1", "n2", "n3"}, {"n4", "n5", "n6"}}, func(l *lab) {
		l.check(l.Become("n4", cluster.Nonvoter))
		err := l.Become("n5", cluster.Outside)
		if want := "of the 3 nodes that have a log with n5, 2 must stay voters"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		l.check(l.Become("n1", cluster.Outside)) // it is of another group
		l.check(l.Become("n4", cluster.Outside)) // it is no voter
		l.check(l.Become("n4", cluster.Voter))
		l.check(l.Become("n5", cluster.Nonvoter))
	})
}
