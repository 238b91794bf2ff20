package world

import (
	"testing"
	"time"
)

// Nodes that cannot say how far they are get a minute to agree before they are held to it, and no time where nothing is asked of that.
func TestSettling(t *testing.T) {
	for _, models := range [][]string{nil, {"eventual"}} {
		in := Input{Spec: Spec{Seed: 1, TimeLimit: 2 * time.Second, Rate: 50, Concurrency: 2, Workload: "register", Clock: Virtual}}
		in.Spec.Options.ConsistencyModels = models
		r := conductFake(t, in, &fakeSystem{answer: serving})
		if waited := r.Settled >= recoveryLimit; waited != (models != nil) {
			t.Errorf("%v: replicas had to agree from %v on", models, r.Settled)
		}
	}
}
