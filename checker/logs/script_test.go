package logs_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/logs"
)

func TestScripts(t *testing.T) {
	for _, file := range []string{"testdata/logs.txt", "testdata/jepsen.txt"} {
		scripttest.Run(t, file, map[string]checker.Checker{"logs": logs.Checker()})
	}
}
