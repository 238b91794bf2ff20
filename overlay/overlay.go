// Package overlay makes what a Go program needs to live in a closed world: an overlay for the go command, see go help build, that
// replaces some texts of the standard library and of the runtime and adds a few files to them. The program's own source stays
// as it is. Built with the overlay it runs as ever, unless its environment says that it belongs to a world.
//
// The overlay is generated from the Go installation at hand. Each text that is replaced must be there exactly once. A version of
// Go that this package does not know is refused, as a text that still matches may mean something else there.
//
// What is replaced is as short as it can be. What the overlay adds is in _std, which the go command does not see. The files
// that it writes are those of the installation with these changes, under Go's own licence, which is put next to them.
package overlay

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Tag is the build tag of what compiles only with the overlay.
const Tag = "faultline_overlay"

// Tags are the build tags of a program that is built with this very overlay: they say so in the program.
func Tags() []string { return []string{Tag, Tag + "_" + Version()} }

// known are the versions of Go, without the last number, whose texts were read and not only matched.
var known = []string{"go1.26"}

// architectures are those that a world runs on.
var architectures = []string{"amd64", "arm64"}

//go:embed all:_std
var added embed.FS

// Version identifies the overlay: it changes with any of its texts.
func Version() string {
	h := sha256.New()
	for _, p := range patches {
		fmt.Fprintf(h, "%q\n", []string{p.file, p.old, p.new})
	}
	_ = fs.WalkDir(added, "_std", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := added.ReadFile(name)
		fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(b))
		return err
	})
	return fmt.Sprintf("%.6x", h.Sum(nil))
}

// Go is an installation of Go.
type Go struct {
	Version string // as "go1.26.8"
	Root    string
	Arch    string
	OS      string
}

// Installed asks the go command that a build in the directory would use.
func Installed(ctx context.Context, dir string) (Go, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOVERSION", "GOROOT", "GOARCH", "GOOS")
	cmd.Dir = dir
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return Go{}, errors.New("there is no go command: install Go from https://go.dev/dl, as the programs of worlds are built from their source")
	}
	if err != nil {
		return Go{}, fmt.Errorf("go env: %w", said(err))
	}
	var env struct{ GOVERSION, GOROOT, GOARCH, GOOS string }
	if err := json.Unmarshal(out, &env); err != nil {
		return Go{}, fmt.Errorf("go env: %w", err)
	}
	return Go{Version: env.GOVERSION, Root: env.GOROOT, Arch: env.GOARCH, OS: env.GOOS}, nil
}

// said adds what a command wrote to standard error.
func said(err error) error {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}

// Check says why programs that are built with this installation cannot live in a world.
func (g Go) Check() error {
	minor := g.Version
	if parts := strings.SplitN(g.Version, ".", 3); len(parts) > 2 {
		minor = strings.Join(parts[:2], ".")
	}
	minor, _, _ = strings.Cut(minor, "rc")
	switch {
	case g.OS != "linux" || !slices.Contains(architectures, g.Arch):
		return fmt.Errorf("a closed world for other programs runs on linux/amd64 and linux/arm64, not on %s/%s", g.OS, g.Arch)
	case !slices.Contains(known, minor):
		return fmt.Errorf("the overlay does not know %s; it knows %s: build with GOTOOLCHAIN=%s.0 or a later release of it, or use a newer Faultline",
			g.Version, strings.Join(known, ", "), known[len(known)-1])
	}
	return nil
}

// Make writes the overlay for an installation below the directory, unless it is there, and returns the file that the go
// command takes as -overlay.
func Make(_ context.Context, dir string, g Go) (file string, err error) {
	if err := g.Check(); err != nil {
		return "", err
	}
	to := filepath.Join(dir, fmt.Sprintf("overlay-%s-%s-%s", Version(), g.Version, g.Arch))
	file = filepath.Join(to, "overlay.json")
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	texts, err := apply(g, patches)
	if err != nil {
		return "", err
	}
	if err := add(g, texts); err != nil {
		return "", err
	}
	return file, write(g, to, texts)
}

// write puts the texts, by their names below the installation's src, into a new directory, which appears only when it is whole.
func write(g Go, to string, texts map[string]string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("make the overlay: %w", err)
	}
	temporary, err := os.MkdirTemp(filepath.Dir(to), "new-")
	if err != nil {
		return fmt.Errorf("make the overlay: %w", err)
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	replace := map[string]string{}
	for name, text := range texts {
		at := filepath.Join(temporary, "src", name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return fmt.Errorf("make the overlay: %w", err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			return fmt.Errorf("make the overlay: %w", err)
		}
		replace[filepath.Join(g.Root, "src", name)] = filepath.Join(to, "src", name)
	}
	if licence, err := os.ReadFile(filepath.Join(g.Root, "LICENSE")); err == nil {
		_ = os.WriteFile(filepath.Join(temporary, "LICENSE"), licence, 0o644)
	}
	list, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return fmt.Errorf("make the overlay: %w", err)
	}
	if err := os.WriteFile(filepath.Join(temporary, "overlay.json"), list, 0o644); err != nil {
		return fmt.Errorf("make the overlay: %w", err)
	}
	if err := os.Rename(temporary, to); err != nil && !exists(filepath.Join(to, "overlay.json")) { // another was quicker
		return fmt.Errorf("make the overlay: %w", err)
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// apply returns the texts with replacements, by their names below src.
func apply(g Go, patches []patch) (map[string]string, error) {
	texts := map[string]string{}
	for _, p := range patches {
		if !p.concerns(g.Arch) {
			continue
		}
		name := p.file
		text, ok := texts[name]
		if !ok {
			b, err := os.ReadFile(filepath.Join(g.Root, "src", filepath.FromSlash(name)))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", g.Version, err)
			}
			text = string(b)
		}
		if n := strings.Count(text, p.old); n != 1 {
			return nil, fmt.Errorf("%s, %s: a text that the overlay replaces is there %d times and not once; this Faultline knows other releases of %s. The text is %q",
				g.Version, name, n, strings.Join(known, ", "), p.old)
		}
		texts[name] = strings.Replace(text, p.old, p.new, 1)
	}
	return texts, nil
}

// add adds the files of our own.
func add(g Go, texts map[string]string) error {
	return fs.WalkDir(added, "_std", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := added.ReadFile(name)
		if err != nil {
			return err
		}
		below := strings.TrimPrefix(name, "_std/")
		if exists(filepath.Join(g.Root, "src", filepath.FromSlash(below))) {
			return fmt.Errorf("%s has a file %s, which the overlay would add", g.Version, path.Base(below))
		}
		texts[below] = string(b)
		return nil
	})
}
