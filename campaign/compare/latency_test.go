package compare

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/cluster/raftkv/bugs"
	"faultline/results"
	"faultline/workloads"
	"faultline/world"
)

// The latency of an operation in a cluster that has little to do is what the network and the disks make of the way that it goes:
// a message takes 500 µs and an exponential tail of 500 µs, a sync 200 µs and a tail of 200 µs, and of four followers
// the second answer makes a majority. Docs/consistency.md has the same table.
func TestLatencyFollowsFromTheModel(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	trip := func() float64 { return 1 + 0.5*(draw.ExpFloat64()+draw.ExpFloat64()) }
	sync := func() float64 { return 0.2 + 0.2*draw.ExpFloat64() }
	majority := func(one func() float64) float64 {
		all := []float64{one(), one(), one(), one()}
		slices.Sort(all)
		return all[1]
	}
	synced := func() float64 { return trip() + sync() }
	tests := []struct {
		level string
		read  func() float64
	}{
		{"stale", trip},
		{"leader", trip},
		{"readindex", func() float64 { return trip() + majority(trip) }},
		{"log", func() float64 { return trip() + sync() + majority(synced) }},
	}
	for _, tt := range tests {
		sample := make([]float64, 100_000)
		for i := range sample {
			sample[i] = tt.read()
		}
		slices.Sort(sample)
		want := sample[len(sample)/2]
		got := medianRead(t, tt.level)
		t.Logf("%s: %.2f ms, by the model %.2f ms", tt.level, got, want)
		if got < 0.94*want || got > 1.06*want {
			t.Errorf("%s: a read takes %.2f ms in the median, and by the model %.2f ms", tt.level, got, want)
		}
	}
}

// medianRead is the median latency of a read in quiet clusters, in milliseconds.
func medianRead(t *testing.T, level string) float64 {
	t.Helper()
	setup, err := ParseSetup(bugs.Kind(), level)
	if err != nil {
		t.Fatal(err)
	}
	c := &Comparison{Count: 3, Setups: []Setup{setup}, Conditions: []Condition{Drawn(Systems{bugs.Kind()}, 5, nil)}, CheckTimeout: time.Minute,
		Spec: world.Spec{Seed: 1, TimeLimit: time.Minute, Rate: 30, Concurrency: 6, Workload: "register", Options: workloads.Options{Keys: 4},
			Clock: world.Virtual}}
	dir, err := results.OpenCampaign(t.TempDir(), "latency")
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Compare(context.Background(), trialtest.Pool(0), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Tables[0].Rows[0].Stats.Functions {
		if f.F == "read" {
			return float64(f.Latency.P50) / 1e6
		}
	}
	t.Fatal("there are no reads")
	return 0
}
