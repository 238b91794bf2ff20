package txn

import (
	"strings"

	"faultline/checker"
	"faultline/checker/txn/models"
)

// AnomalyOf is the anomaly that a finding of this package is about, by its name in package models; empty if it is about something else,
// such as a transaction that is malformed.
func AnomalyOf(f checker.Finding) string {
	name, _, _ := strings.Cut(f.Anomaly, " (") // see title
	if _, err := models.AnomalyByName(name); err != nil {
		return ""
	}
	return name
}
