//go:build long

package audit

import (
	"testing"

	"faultline/internal/audit/oracle/isolation"
)

func TestMillionTransactions(t *testing.T) { compareTransactions(t, *count, len(isolation.Models())) }
