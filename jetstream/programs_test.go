package jetstream

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// programs builds the two programs into a directory. The worlds of this test program would not do: what a server is linked with has
// randomness of its own, so that a replay in one process with it is not exact.
func programs(t testing.TB) (dir string) {
	dir = t.TempDir()
	for _, build := range [][]string{{"-C", "..", "build", "-o", dir, "./cmd/faultline"}, {"build", "-o", dir, "./cmd/faultline-nats"}} {
		if out, err := exec.Command("go", build...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return dir
}

// faultline is the first of them.
func faultline(dir string) string { return filepath.Join(dir, "faultline") }
