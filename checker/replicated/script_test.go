package replicated_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/replicated"
)

func TestScripts(t *testing.T) {
	for _, file := range []string{"testdata/seen.txt", "testdata/values.txt", "testdata/texts.txt"} {
		scripttest.Run(t, file, map[string]checker.Checker{"replicated": replicated.Checker()})
	}
}
