package siblings_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/siblings"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/siblings.txt", map[string]checker.Checker{
		"siblings": siblings.Checker(siblings.Options{}), "eventual": siblings.Checker(siblings.Options{Stale: true})})
}
