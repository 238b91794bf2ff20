package txnkv

import (
	"fmt"
	"testing"

	"faultline/cluster"
)

func TestNodesAreDealtOut(t *testing.T) {
	for _, test := range []struct {
		nodes, shards int
		want          string
	}{
		{5, 1, "[[n1 n2 n3 n4 n5]]"},
		{5, 2, "[[n1 n2 n3] [n4 n5]]"},
		{6, 2, "[[n1 n2 n3] [n4 n5 n6]]"},
		{8, 3, "[[n1 n2 n3] [n4 n5 n6] [n7 n8]]"},
	} {
		if got := fmt.Sprint(deal(cluster.NodeNames(test.nodes), test.shards)); got != test.want {
			t.Errorf("%d nodes, %d shards: %s, want %s", test.nodes, test.shards, got, test.want)
		}
	}
}

// TestEveryShardHasKeys: a hash spreads them.
func TestEveryShardHasKeys(t *testing.T) {
	all := deal(cluster.NodeNames(9), 3)
	has := map[int]int{}
	for i := range 300 {
		key := fmt.Sprintf("k%d", i)
		has[all.of(key)]++
	}
	for shard := range all {
		if has[shard] < 50 {
			t.Errorf("shard %d has %d of 300 keys", shard, has[shard])
		}
	}
}
