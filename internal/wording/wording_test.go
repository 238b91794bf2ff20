package wording

import (
	"fmt"
	"testing"
	"time"
)

func ExampleGrouped() {
	fmt.Println(Grouped(7), Grouped(-1234), Grouped(12345678))
	// Output: 7 -1,234 12,345,678
}

func ExampleAfter() {
	fmt.Printf("read 3%s 4 was read\n", After(287*time.Millisecond))
	fmt.Printf("read 3%s 4 was read\n", After(0))
	// Output:
	// read 3, 287 ms after 4 was read
	// read 3 after 4 was read
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 keys", 1: "1 key", 2: "2 keys", 1000: "1,000 keys"} {
		if got := Count(n, "key"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
