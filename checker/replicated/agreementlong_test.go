//go:build long

package replicated

import "testing"

// TestAgreesWithTheDefinitionOften does so on 100,000 executions of each type.
func TestAgreesWithTheDefinitionOften(t *testing.T) { agrees(t, 100_000) }
