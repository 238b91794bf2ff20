//go:build long

package audit

import (
	"testing"

	"faultline/checker/txn/models"
)

func TestMillionTransactions(t *testing.T) {
	compareTransactions(t, *count, len(models.Names()))
}
