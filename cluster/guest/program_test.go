package guest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"faultline/overlay"
)

// program builds the program of testdata/program with the overlay, once, and returns its file.
func program(t *testing.T) string {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// programDir is where the program is until the tests are over.
var programDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if programDir != "" {
		_ = os.RemoveAll(programDir)
	}
	os.Exit(code)
}

var built = sync.OnceValues(func() (file string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	if programDir, err = os.MkdirTemp("", "guest"); err != nil {
		return "", err
	}
	file = filepath.Join(programDir, "program")
	installed, err := overlay.Installed(context.Background(), ".")
	if err != nil {
		return "", err
	}
	list, err := overlay.Make(context.Background(), filepath.Join(cache, "faultline", "overlay"), installed)
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-overlay="+list, "-tags="+overlay.Tag, "-trimpath", "-buildvcs=false", "-ldflags=-w", "-o", file, "./testdata/program")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	return file, nil
})
