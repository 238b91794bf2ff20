package logs_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/logs"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/logs.txt", map[string]checker.Checker{"logs": logs.Checker()})
}
