package campaign

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/results"
)

// A disk that fills up ends a campaign with an error, and costs no run that was finished: when there is room
// again, it goes on from there.
func TestFullDisk(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mount("tmpfs", root, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small file system is needed: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(root, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	p := quickPlan(4)
	p.Keep = 0
	c, err := Create(root, "test", p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(root, "filler")
	c.OnRun(func(_ results.Line, p trial.Progress) {
		if p.Done == 2 {
			if err := os.WriteFile(filler, make([]byte, 8<<20), 0o644); !errors.Is(err, syscall.ENOSPC) {
				t.Error(err)
			}
		}
	})
	o, err := c.Run(context.Background(), trialtest.Pool(1))
	if !errors.Is(err, syscall.ENOSPC) || o.Verdict != checker.Unknown {
		t.Fatalf("%v: %v", o.Verdict, err)
	}
	if _, err := Resume(root, "test", Options{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("resumed while there is no room: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	before := len(o.Lines)
	again, err := Resume(root, "test", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if o := run(t, again); before < 2 || o.Verdict != checker.Valid || len(lines(t, again)) != 4 {
		t.Errorf("%d were finished; resumed: %v, %d lines", before, o.Verdict, len(o.Lines))
	}
}
