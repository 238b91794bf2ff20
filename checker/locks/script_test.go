package locks_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/locks"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/locks.txt", map[string]checker.Checker{
		"mutex": locks.Mutex(), "reentrant": locks.Reentrant(), "semaphore": locks.Semaphore(0), "two-permits": locks.Semaphore(2),
	})
}

func TestFencedScripts(t *testing.T) {
	scripttest.Run(t, "testdata/fenced.txt", map[string]checker.Checker{"fenced": locks.Fenced()})
}
