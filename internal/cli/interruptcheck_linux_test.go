package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A check ends with the first Ctrl-C while it decides, and while it waits for more to read. It is unknown then.
func TestInterruptedCheck(t *testing.T) {
	p := &running{t, t.TempDir()}
	hard := filepath.Join(p.dir, "hard.edn")
	if err := os.WriteFile(hard, []byte(hardStack(40)), 0o600); err != nil {
		t.Fatal(err)
	}
	silent := filepath.Join(p.dir, "silent")
	if err := syscall.Mkfifo(silent, 0o600); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(silent, os.O_RDWR, 0) // so that it is open, and nothing comes
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	for _, file := range []string{hard, silent} {
		e := p.interrupt(time.Second, "check", "--memory", "8192", "--check-timeout", "5m", file)
		if !p.wellEnded(e) || e.code != 2 || !strings.Contains(e.stderr, "Go on with: faultline check ") {
			t.Errorf("%s: it ended with %d:\n%s%s", file, e.code, e.stdout, e.stderr)
		}
	}
}

// hardStack is the history of so many pushes at once, and of a pop of what nobody pushed after them. Whether one order of the pushes allows
// that is asked of each, as one value is pushed twice: otherwise it is decided by nesting.
func hardStack(pushes int) string {
	var b strings.Builder
	for _, kind := range []string{"invoke", "ok"} {
		for i := range pushes {
			fmt.Fprintf(&b, "{:process %d :type :%s :f :push :value %d}\n", i, kind, i%(pushes-1))
		}
	}
	for i := range 2 {
		fmt.Fprintf(&b, "{:process %d :type :invoke :f :pop :value nil}\n{:process %d :type :ok :f :pop :value %d}\n", pushes, pushes, pushes/(i+2))
	}
	fmt.Fprintf(&b, "{:process %d :type :invoke :f :pop :value nil}\n{:process %d :type :ok :f :pop :value %d}\n", pushes, pushes, pushes+1)
	return b.String()
}
