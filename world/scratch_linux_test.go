package world

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A killed program cannot remove the directories of its worlds, which may be in memory. The next world does,
// and touches no other: none that is locked, none so new that its lock may be still to come, and nothing
// that only has a similar name.
func TestKilledWorldsAreSweptUp(t *testing.T) {
	base := t.TempDir()
	long := time.Now().Add(-time.Hour)
	old := func(name string) string {
		dir := filepath.Join(base, name)
		if err := os.MkdirAll(filepath.Join(dir, "n1"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, long, long); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	abandoned, other := old("faultline-0123456789abcdef"), old("faultline-notes")
	alive, err := scratchIn(base)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(alive.dir, long, long); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(base, "faultline-fedcba9876543210")
	if err := os.Mkdir(fresh, 0o700); err != nil {
		t.Fatal(err)
	}
	next, err := scratchIn(base)
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]bool{abandoned: false, other: true, alive.dir: true, fresh: true, next.dir: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(dir), err)
		}
	}
	next.remove()
	if _, err := os.Stat(next.dir); err == nil {
		t.Error("a directory that is done with stays")
	}
}
