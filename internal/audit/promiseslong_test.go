//go:build long

package audit

import "testing"

func TestMillionPromises(t *testing.T) { comparePromises(t, *count) }
