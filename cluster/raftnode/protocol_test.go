package raftnode

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatIsNoMessageIsNotTaken for one: bytes that mean nothing.
func TestWhatIsNoMessageIsNotTaken(t *testing.T) {
	p := newProtocol()
	for n := range 300 {
		b := []byte(fmt.Sprintf("%c%s", rune(n%200), strings.Repeat("\xff", n)))
		if m, ok := p.Request(b); ok && m.Size > len(b) {
			t.Errorf("%q is %+v", b, m)
		}
		if m, ok := p.Response(kindAppend, b); ok && m.Size > len(b) {
			t.Errorf("%q is %+v", b, m)
		}
	}
}
