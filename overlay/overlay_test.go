package overlay

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// installation is the Go that runs this test, for an architecture.
func installation(t *testing.T, arch string) Go {
	t.Helper()
	g, err := Installed(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	g.Arch, g.OS = arch, "linux"
	return g
}

// Each text that is replaced is there exactly once, on each architecture; else Make would say which is not. The licence of what is
// replaced is next to it.
func TestMake(t *testing.T) {
	for _, arch := range architectures {
		t.Run(arch, func(t *testing.T) {
			dir, g := t.TempDir(), installation(t, arch)
			file, err := Make(t.Context(), dir, g)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Make(t.Context(), dir, g)
			if err != nil || again != file {
				t.Errorf("made again it is %s, %v", again, err)
			}
			var list struct{ Replace map[string]string }
			b, err := os.ReadFile(file)
			if err == nil {
				err = json.Unmarshal(b, &list)
			}
			if err != nil {
				t.Fatal(err)
			}
			for name, by := range list.Replace {
				if _, err := os.Stat(by); err != nil || !strings.HasPrefix(name, filepath.Join(g.Root, "src")) {
					t.Errorf("%s by %s: %v", name, by, err)
				}
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), "LICENSE")); err != nil {
				t.Error(err)
			}
		})
	}
}

// A text that is not there, or is there twice, is named: the overlay would not mean what it says.
func TestATextThatHasChanged(t *testing.T) {
	g := installation(t, runtime.GOARCH)
	g.Root = t.TempDir()
	file := filepath.Join(g.Root, "src", "runtime", "x.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("one two two"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"one":   "",
		"two":   "runtime/x.go: a text that the overlay replaces is there 2 times and not once",
		"three": "runtime/x.go: a text that the overlay replaces is there 0 times and not once",
	} {
		got, err := apply(g, []patch{{"runtime/x.go", text, "1"}})
		switch {
		case want == "" && (err != nil || got["runtime/x.go"] != "1 two two"):
			t.Errorf("%q: %q, %v", text, got, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), g.Version) || !strings.HasSuffix(err.Error(), `"`+text+`"`)):
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Where no world can run it is said why, and what would help.
func TestCheck(t *testing.T) {
	for _, test := range []struct{ version, os, arch, want string }{
		{"go1.26", "linux", "amd64", ""},
		{"go1.26.0", "linux", "arm64", ""},
		{"go1.26rc2", "linux", "amd64", ""},
		{"go1.25.9", "linux", "amd64", "the overlay does not know go1.25.9; it knows go1.26: build with GOTOOLCHAIN=go1.26.0 or a later release of it, or use a newer Faultline"},
		{"go1.27rc1", "linux", "amd64", "does not know go1.27rc1"},
		{"devel +0123", "linux", "amd64", "does not know devel +0123"},
		{"go1.26.0", "darwin", "arm64", "runs on linux/amd64 and linux/arm64, not on darwin/arm64"},
		{"go1.26.0", "linux", "386", "not on linux/386"},
	} {
		err := Go{Version: test.version, OS: test.os, Arch: test.arch}.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s on %s/%s: %v", test.version, test.os, test.arch, err)
		}
	}
}

// A file of an architecture is left alone on another.
func TestFilesOfAnArchitecture(t *testing.T) {
	for file, want := range map[string]string{"a/x.go": "amd64 arm64", "a/x_linux_amd64.s": "amd64", "a/x_arm64.go": "arm64"} {
		var of []string
		for _, arch := range architectures {
			if (patch{file: file}).concerns(arch) {
				of = append(of, arch)
			}
		}
		if got := strings.Join(of, " "); got != want {
			t.Errorf("%s concerns %s", file, got)
		}
	}
}
