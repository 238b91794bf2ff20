package sim

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestANodesLogHasABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &nodeLog{start: time.Now()}
		time.Sleep(1500 * time.Millisecond)
		line := []byte(strings.Repeat("x", 1<<20) + "\n")
		for range 20 {
			if n, err := l.Write(line); n != len(line) || err != nil {
				t.Errorf("wrote %d, %v", n, err)
			}
		}
		text := string(l.text())
		want := "    1.500000s [WARN]  log: full at 8388608 bytes, the rest is dropped\n"
		if len(text) > maxLog+len(want) || !strings.HasSuffix(text, want) {
			t.Errorf("%d bytes, the last are %q", len(text), text[len(text)-100:])
		}
	})
}
