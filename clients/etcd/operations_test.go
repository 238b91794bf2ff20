package etcd

import (
	"maps"
	"slices"
	"testing"

	"faultline/cluster"
	"faultline/cluster/foreign"
)

// What is known of this client without its code is what it understands.
func TestOperations(t *testing.T) {
	kind, found, err := foreign.Describer{}.Find("etcd@v3.7.3")
	if !found || err != nil {
		t.Fatal(found, err)
	}
	if got, want := slices.Sorted(maps.Keys(operations)), slices.Sorted(slices.Values(kind.Ops)); !slices.Equal(got, want) {
		t.Errorf("the client has %v, and is said to have %v", got, want)
	}
	if out := open(t, "127.0.0.1:1", 1).Do(cluster.Op{Object: "set", F: "steal"}); out.Error != `the store has no operation "set.steal"` {
		t.Errorf("%+v", out)
	}
}
