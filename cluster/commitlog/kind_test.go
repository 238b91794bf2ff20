package commitlog

import (
	"testing"

	"faultline/cluster"
)

// TestInSyncReplicasThatThereAreNot: no write would ever be taken, where one waits for them.
func TestInSyncReplicasThatThereAreNot(t *testing.T) {
	for _, c := range []struct {
		mode      string
		minInSync int
		refused   bool
	}{{"idempotent", 0, true}, {"idempotent", 1, false}, {"unclean", 0, false}, {"unclean", 2, true}, {"acks-1", 2, false}, {"acks-0", 2, false}} {
		err := check(cluster.Env{Nodes: 1, Mode: c.mode, Config: &Config{MinInSync: c.minInSync}})
		if (err != nil) != c.refused {
			t.Errorf("%s, %d of one: %v", c.mode, c.minInSync, err)
		}
	}
}
