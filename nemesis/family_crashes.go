package nemesis

import (
	"math/rand/v2"
	"time"
)

var (
	crashAtFamily = conditionFamily(crashAt, "one node, some or all die at a chosen point of the system, "+
		"such as a log write, the moment before its sync, a vote or a snapshot", func(rng *rand.Rand, on Subject) setting {
		return setting{word: on.CrashPoints[rng.IntN(len(on.CrashPoints))]}
	})
	crashLoopFamily = conditionFamily(crashLoop, "one node, some or all are killed and restarted again and again", drawEvery)
	rollingFamily   = conditionFamily(rollingRestart, "one node, some or all are killed and restarted one after another", drawEvery)
)

// drawEvery draws a time that is long enough to start, and at times too short to catch up or be elected.
func drawEvery(rng *rand.Rand, _ Subject) setting {
	return setting{base: time.Duration(2+rng.IntN(9)) * 100 * time.Millisecond}
}
