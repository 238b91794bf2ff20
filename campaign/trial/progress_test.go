package trial

import (
	"testing"
	"time"
)

// What is left takes as long as what was done since the start, run by run.
func TestTimeLeft(t *testing.T) {
	p := Progress{Done: 60, Count: 100, Fresh: 10, Elapsed: 20 * time.Second}
	if got := p.Left(); got != 80*time.Second {
		t.Errorf("%v left", got)
	}
	if got := (Progress{Count: 5}).Left(); got != 0 {
		t.Errorf("%v left before anything is known", got)
	}
}
