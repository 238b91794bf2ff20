package views_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/views"
)

func TestScripts(t *testing.T) {
	scripttest.Run(t, "testdata/views.txt", map[string]checker.Checker{
		"views": views.Checker(), "views-in-progress": views.InProgress()})
}
