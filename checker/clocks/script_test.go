package clocks_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/clocks"
	"faultline/checker/internal/scripttest"
)

// Events are [received, message, lamport, [[node, count], …], hybrid wall, hybrid count, wall].
func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{"logical": clocks.Checker(clocks.Logical()...)}
	for _, name := range clocks.Names() {
		checkers[name] = clocks.Checker(name)
	}
	scripttest.Run(t, "testdata/clocks.txt", checkers)
}
