package digest_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/digest"
	"faultline/checker/internal/scripttest"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/digest.txt", map[string]checker.Checker{"digest": digest.Checker()})
}
