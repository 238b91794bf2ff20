package faultline_test

import (
	"testing"
	"time"

	"faultline"
)

// A test of a store is a few lines: what is run, and how often. This one runs a hundred seeds in which nodes are cut off and the leader
// hands over, at a level of reads that claims to stand that.
func ExampleTest() {
	var t *testing.T // of func TestStore(t *testing.T)
	faultline.Test(t, faultline.Spec{System: "raftkv", Mode: "readindex", Nodes: 3,
		TimeLimit: 20 * time.Second, Nemesis: []string{"partition", "transfer"}}, faultline.Seeds(100))
}

// Faults that are known to hurt can be tested by name: here the leader is paused for a while, and resumed.
func ExampleSchedule() {
	var t *testing.T
	faultline.Test(t, faultline.Spec{}, faultline.Schedule("2s pause leader\n5s resume all"))
}
