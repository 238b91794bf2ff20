package queues_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/linear"
	"faultline/checker/queues"
)

func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{"total": queues.Total(), "at-least-once": queues.AtLeastOnce(),
		"linearizable": linear.Checker(linear.UnorderedQueue())}
	for _, file := range []string{"testdata/total.txt", "testdata/jepsen.txt"} {
		scripttest.Run(t, file, checkers)
	}
}
