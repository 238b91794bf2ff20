package nemesis

import (
	"math/rand/v2"
	"time"
)

var (
	crashAtFamily = conditionFamily(crashAt, "one node, some or all die at a chosen point: at a log write, before its sync, "+
		"within a vote, at a snapshot, at a restore", func(rng *rand.Rand) setting {
		return setting{word: oftenReached[rng.IntN(len(oftenReached))]}
	})
	crashLoopFamily = conditionFamily(crashLoop, "one node, some or all are killed and started again and again", drawEvery)
	rollingFamily   = conditionFamily(rollingRestart, "one node, some or all are killed and started again one after the other", drawEvery)
)

// oftenReached holds each point as often as it is to be drawn: votes and snapshots are rare, so that the fault
// may end before it came to one.
var oftenReached = []string{
	"log-write", "log-write", "log-write", "log-sync", "log-sync", "log-sync", "vote", "snapshot", "snapshot", pointRestore, pointRestore,
}

// drawEvery draws a time that is long enough to start, and at times too short to catch up or be elected.
func drawEvery(rng *rand.Rand) setting {
	return setting{base: time.Duration(2+rng.IntN(9)) * 100 * time.Millisecond}
}
