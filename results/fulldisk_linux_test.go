package results

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// On a disk that fills up while a run is written nothing is left that looks like a run, what was there
// before is whole, and the error says what would help.
func TestFullDisk(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mount("tmpfs", root, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("a small file system is needed: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(root, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	c, err := OpenCampaign(root, "x")
	if err != nil {
		t.Fatal(err)
	}
	small := keep(t, c, sampleRun(t, 1, 2))
	_, err = c.WriteRun(sampleRun(t, 2, 100))
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "seed 2") || !strings.Contains(err.Error(), "make room") {
		t.Errorf("%v", err)
	}
	entries, err := os.ReadDir(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
	if r, err := ReadRun(filepath.Join(c.Dir(), "latest")); err != nil || r.Seed != 1 {
		t.Errorf("%s: %v", small, err)
	}
	if err := os.WriteFile(filepath.Join(root, "filler"), make([]byte, 1<<20), 0o644); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if _, err := OpenCampaign(root, "y"); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a campaign on a full disk: %v", err)
	}
}
