package versions_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/versions"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/versions.txt", map[string]checker.Checker{"versions": versions.Checker()})
}
