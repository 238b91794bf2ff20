package sets_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/sets"
)

func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{"set": sets.Set(), "full": sets.Full(sets.Options{}),
		"linearizable": sets.Full(sets.Options{Linearizable: true}), "ids": sets.UniqueIDs(), "reverse": sets.CausalReverse()}
	for _, file := range []string{"testdata/set.txt", "testdata/full.txt", "testdata/ids.txt", "testdata/reverse.txt", "testdata/jepsen.txt"} {
		scripttest.Run(t, file, checkers)
	}
}
