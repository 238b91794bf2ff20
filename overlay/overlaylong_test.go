//go:build long

package overlay

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// goCommand runs the go command of a version in a directory.
func goCommand(version, dir string, env []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append(env, "GOTOOLCHAIN="+version, "GOFLAGS=", "CGO_ENABLED=0")...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Each release that can be had matches, or is refused with what to do.
func TestReleases(t *testing.T) {
	for version, known := range map[string]bool{
		"go1.26.0": true, "go1.26.1": true, "go1.26.2": true, "go1.26.3": true, "go1.26.4": true, "go1.26.5": true, "go1.26.6": true,
		"go1.26.7": true, "go1.26.8": true, "go1.26.9": true, "go1.25.0": false, "go1.27.0": false,
	} {
		t.Run(version, func(t *testing.T) {
			if out, err := goCommand(version, t.TempDir(), nil, "version"); err != nil {
				t.Skipf("it cannot be had here: %s", out)
			}
			t.Setenv("GOTOOLCHAIN", version)
			g, err := Installed(t.Context(), t.TempDir())
			if err != nil || g.Version != version {
				t.Fatalf("%+v, %v", g, err)
			}
			for _, g.Arch = range architectures {
				_, err = Make(t.Context(), t.TempDir(), g)
				if known && err != nil || !known && (err == nil || !strings.Contains(err.Error(), "build with GOTOOLCHAIN=")) {
					t.Error(err)
				}
			}
		})
	}
}

// What the overlay makes of the standard library compiles on each architecture, and vet has no complaint of what uses it.
func TestArchitectures(t *testing.T) {
	program := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module example.com/program\n\ngo 1.26\n",
		"main.go": "package main\n\nimport (\n\t\"net/http\"\n\t_ \"os/exec\"\n\t_ \"os/signal\"\n\t_ \"plugin\"\n)\n\nfunc main() { _ = http.ListenAndServe(\":80\", nil) }\n",
	} {
		if err := os.WriteFile(filepath.Join(program, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, arch := range architectures {
		t.Run(arch, func(t *testing.T) {
			g := installation(t, arch)
			file, err := Make(t.Context(), t.TempDir(), g)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"build", "-o", os.DevNull}, {"vet"}} {
				out, err := goCommand(g.Version, program, []string{"GOARCH=" + arch}, append(args, "-overlay="+file, "-tags="+Tag, ".")...)
				if err != nil {
					t.Errorf("%q: %v\n%s", args, err, out)
				}
			}
		})
	}
}

// Outside of a world a program is what it is without the overlay: the standard library passes its own tests. Those that are left out
// fail without the overlay too, where there is no network or no root.
func TestTheStandardLibraryPassesItsTests(t *testing.T) {
	g := installation(t, "amd64")
	file, err := Make(t.Context(), t.TempDir(), g)
	if err != nil {
		t.Fatal(err)
	}
	out, err := goCommand(g.Version, filepath.Join(g.Root, "src"), nil, "test", "-short", "-p=1", "-overlay="+file, "-tags="+Tag,
		"time", "os", "os/exec", "os/signal", "sync", "syscall", "net", "net/http", "testing/synctest", "internal/sync", "crypto/rand", "plugin")
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
