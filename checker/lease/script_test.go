package lease_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/lease"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/lease.txt", map[string]checker.Checker{"lease": lease.Checker()})
}
