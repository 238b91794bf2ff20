package kinds

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faultline/cluster"
)

// No code outside of cluster names a kind of system: what there is to know of one is in its cluster.Kind. NATS is not only a store that can be
// tested but also the queue of campaigns on several machines.
func TestNothingAboveClusterNamesAKind(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (rel == "cluster" || rel == "clients" || rel == "examples" || rel == "jetstream" || d.Name() == ".git"):
			return filepath.SkipDir
		case rel == filepath.Join("internal", "cli", "natsflags.go"):
			return nil
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		for _, k := range cluster.Kinds() {
			if said := naming(k).Find(text); said != nil {
				t.Errorf("%s says %s", rel, said)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// naming finds a kind's name as a word, a package, or the beginning of a name in it; but not as a part of a domain, such as go.etcd.io. The word
// may also be the name of an operation, or the tag of a field.
func naming(k cluster.Kind) *regexp.Regexp {
	pattern := `cluster/` + k.Name + `\b|(^|[^.\w/])` + k.Name + `\.[A-Z]`
	if !slices.Contains(k.Ops, k.Name) {
		pattern = `(^|[^:])"` + k.Name + `"|` + pattern
	}
	return regexp.MustCompile(pattern)
}

// Whatever a kind says of itself, it has, and settings have flags of their own.
func TestKinds(t *testing.T) {
	for _, k := range cluster.Kinds() {
		if _, err := k.Mode(k.DefaultMode); err != nil {
			t.Errorf("%s: the default mode: %v", k.Name, err)
		}
		system, err := k.Open(cluster.Env{Seed: 1, Dir: t.TempDir(), Nodes: k.Nodes, Mode: k.DefaultMode, Config: k.Config()})
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		can := system.Faults().Suffers()
		for _, fault := range k.Suffers {
			if !slices.Contains(can, fault) {
				t.Errorf("%s says that it suffers %s", k.Name, fault)
			}
		}
		if len(can) != len(k.Suffers) {
			t.Errorf("%s suffers %v, and says %v", k.Name, can, k.Suffers)
		}
		var flags []string
		for _, s := range cluster.Settings(k.Config()) {
			if s.Doc == "" || slices.Contains(flags, s.Flag) {
				t.Errorf("%s: the flag --%s", k.Name, s.Flag)
			}
			flags = append(flags, s.Flag)
		}
		for _, b := range k.Bugs {
			if _, err := os.Stat(filepath.Join("..", "..", b.File)); err != nil {
				t.Errorf("%s: %v", b.Name, err)
			}
		}
	}
}
