package visibility_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/visibility"
)

func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{"long-fork": visibility.LongFork(), "monotonic": visibility.Monotonic(), "causal": visibility.Causal()}
	for _, file := range []string{"testdata/visibility.txt", "testdata/jepsen.txt"} {
		scripttest.Run(t, file, checkers)
	}
}
