// Package overlay makes what a Go program needs to live in a closed world.
package overlay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Tag is the build tag of what compiles only with the overlay.
const Tag = "faultline_overlay"

// Version identifies the overlay.
func Version() string { return "000000000000" }

// Go is an installation of Go.
type Go struct{ Version, Root, Arch, OS string }

// Installed asks the go command that a build in the directory would use.
func Installed(ctx context.Context, dir string) (Go, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOVERSION", "GOROOT", "GOARCH", "GOOS")
	cmd.Dir = dir
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return Go{}, errors.New("there is no go command: install Go from https://go.dev/dl, as stores are built from their source")
	}
	if err != nil {
		return Go{}, fmt.Errorf("go env: %w", err)
	}
	var env struct{ GOVERSION, GOROOT, GOARCH, GOOS string }
	err = json.Unmarshal(out, &env)
	return Go{env.GOVERSION, env.GOROOT, env.GOARCH, env.GOOS}, err
}

// Make writes the overlay for an installation below the directory and returns the file that the go command takes as -overlay.
func Make(_ context.Context, dir string, _ Go) (file string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file = filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, []byte(`{"Replace":{}}`), 0o644)
}
