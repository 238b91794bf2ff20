package effects_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/effects"
	"faultline/checker/internal/scripttest"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/effects.txt", map[string]checker.Checker{
		"effects": effects.Checker(), "effects-in-progress": effects.InProgress()})
}
