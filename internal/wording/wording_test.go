package wording

import (
	"fmt"
	"testing"
)

func ExampleGrouped() {
	fmt.Println(Grouped(7), Grouped(-1234), Grouped(12345678))
	// Output: 7 -1,234 12,345,678
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 keys", 1: "1 key", 2: "2 keys", 1000: "1,000 keys"} {
		if got := Count(n, "key"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
