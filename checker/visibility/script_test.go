package visibility_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/visibility"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/visibility.txt", map[string]checker.Checker{
		"long-fork": visibility.LongFork(), "monotonic": visibility.Monotonic(), "causal": visibility.Causal(),
	})
}
