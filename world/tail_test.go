package world

import (
	"fmt"
	"strings"
	"testing"
)

// Of what a process says its beginning and its end are kept: the reason of a crash is at one of them.
func TestTailKeepsBothEnds(t *testing.T) {
	said := &tail{max: 1000}
	fmt.Fprintln(said, "panic: at the beginning")
	for i := range 10_000 {
		fmt.Fprintf(said, "goroutine %d\n", i)
	}
	fmt.Fprintln(said, "exit at the end")
	got := string(said.bytes())
	if !strings.HasPrefix(got, "panic: at the beginning\n") || !strings.HasSuffix(got, "exit at the end\n") || len(got) > 1500 {
		t.Errorf("%d bytes: %.30q … %q", len(got), got, got[len(got)-30:])
	}
	if got := said.firstLine(); got != ": panic: at the beginning" {
		t.Errorf("the first line is %q", got)
	}
	if got := new(tail).firstLine(); got != "" {
		t.Errorf("the first line of nothing is %q", got)
	}
}
