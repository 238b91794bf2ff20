//go:build long

package audit

import (
	"flag"
	"testing"
)

var count = flag.Int("audit.count", 1_000_000, "how many histories are drawn")

func TestMillion(t *testing.T) { compare(t, *count) }
