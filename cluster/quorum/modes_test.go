package quorum_test

import (
	"os"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/siblings"
	_ "faultline/cluster/kinds"
	"faultline/cluster/quorum"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

func spec(mode, workload string, families ...string) world.Spec {
	s := kindtest.Spec("quorum", mode)
	s.TimeLimit, s.Workload, s.Nemesis = 12*time.Second, workload, families
	return s
}

// TestWhatQuorumsDoNotKeep: R + W > N does not make registers linearizable, with tags as with clocks; and the last write to win is not the
// only one that was acknowledged.
func TestWhatQuorumsDoNotKeep(t *testing.T) {
	kindtest.Refuted(t, spec("regular", "read-write", "disk-slow"), 3)
	kindtest.Refuted(t, spec("lww", "read-write", "clock"), 2)
	kindtest.Refuted(t, spec("dynamo", "read-write", "partition", "crash"), 2)
	kindtest.RefutedBy(t, spec("lww", "siblings"), siblings.Part, 1)
}

// TestWhatModesKeep: ABD is linearizable, and siblings lose nothing.
func TestWhatModesKeep(t *testing.T) {
	kindtest.Valid(t, spec("abd", "read-write", "partition", "crash", "clock", "disk-slow"), 2)
	kindtest.Valid(t, spec("siblings", "siblings", "partition", "crash", "clock"), 1)
	kindtest.Valid(t, spec("dynamo", "siblings", "partition", "crash"), 1)
}

// TestWithoutAntiEntropy replicas that nobody reads never catch up.
func TestWithoutAntiEntropy(t *testing.T) {
	s := spec("lww", "read-write", "crash")
	c := quorum.Kind().Config().(*quorum.Config)
	c.AntiEntropy, c.ReadRepair = 0, false
	s.Config, s.Options.ConsistencyModels = c, []string{"consistent-prefix"}
	s.Options.Keys = 500 // most of which are not written again
	kindtest.RefutedBy(t, s, checker.CaughtUpPart, 2)
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	kindtest.Found(t, spec("abd", "read-write", "partition", "crash"), "counted-twice", 3)
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	kindtest.Repeats(t, spec("dynamo", "siblings", "partition", "crash", "pause", "disk-slow"), 7)
}

// TestSettingsThatCannotBe: quorums that do not meet are refused where a mode needs that.
func TestSettingsThatCannotBe(t *testing.T) {
	for want, change := range map[string]func(*quorum.Config){
		"replicas 6: there are 5 nodes":                                    func(c *quorum.Config) { c.Replicas = 6 },
		"a read quorum of 4 and a write quorum of 2: a key has 3 replicas": func(c *quorum.Config) { c.ReadQuorum = 4 },
		"a read quorum of 1 and a write quorum of 2 of 3 replicas do not meet: in the mode abd give more than 3 together, " +
			"or use the mode lww or dynamo": func(c *quorum.Config) { c.ReadQuorum = 1 },
	} {
		s := spec("abd", "read-write")
		c := quorum.Kind().Config().(*quorum.Config)
		change(c)
		s.Config = c
		if err := s.Validate(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
