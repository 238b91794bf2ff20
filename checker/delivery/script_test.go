package delivery_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/internal/scripttest"
)

func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{"log": delivery.Log(), "watch": delivery.Watch(),
		"log-in-progress": delivery.LogInProgress(), "watch-in-progress": delivery.WatchInProgress()}
	for _, file := range []string{"testdata/log.txt", "testdata/watch.txt"} {
		scripttest.Run(t, file, checkers)
	}
}
