package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Programs come to another machine as they are, and under no other digest than their own.
func TestProgramsAreCarried(t *testing.T) {
	for _, names := range [][]string{{World, Store}, {World}} {
		from := t.TempDir()
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(from, name), []byte("the program "+name), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		packed, err := Pack(from)
		if err != nil {
			t.Fatal(err)
		}
		is, err := digest(filepath.Join(from, names[len(names)-1]), filepath.Join(from, World))
		if err != nil {
			t.Fatal(err)
		}
		cache := t.TempDir()
		for range 2 { // the second time they are there
			if err := unpack(cache, is, packed); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range names {
			file := filepath.Join(programsDir(cache, is), name)
			if b, err := os.ReadFile(file); err != nil || string(b) != "the program "+name {
				t.Errorf("%s: %q, %v", name, b, err)
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o100 == 0 {
				t.Errorf("%s cannot be run: %v", name, err)
			}
		}
		if err := unpack(cache, strings.Repeat("0", 16), packed); err == nil || !strings.Contains(err.Error(), "they are others: their digest is "+is) {
			t.Errorf("under another digest: %v", err)
		}
		if err := unpack(cache, is, packed[:len(packed)/2]); err == nil {
			t.Error("half of them were taken")
		}
	}
}
