package build

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"faultline/cluster/foreign/description"
)

// A store can also run inside the program of the world, each node as goroutines of it. A package main cannot be imported, so the program
// of the world has a copy of the store's under another name, with a function that calls main. What that package imports is the store's
// own code as it is. It must not import internal packages, which only packages of its module may.

// insideName is the store's package inside the program of a world.
const insideName = "store"

// mainPackage is a package main, as the go command finds it.
type mainPackage struct {
	ImportPath string
	Dir        string
	Name       string
	GoFiles    []string
	Module     *struct{ Path, Version, Dir string }
}

// findMain asks the go command for the store's package, in the module of the program that links it.
func findMain(ctx context.Context, g *toolchain, dir, pkg string) (mainPackage, error) {
	out, err := g.run(ctx, dir, "list", "-mod=mod", "-json=ImportPath,Dir,Name,GoFiles,Module", pkg)
	if err != nil {
		return mainPackage{}, err
	}
	var p mainPackage
	if err := json.Unmarshal([]byte(out), &p); err != nil {
		return p, fmt.Errorf("go list: %w", err)
	}
	switch {
	case p.Name != "main":
		return p, fmt.Errorf("%s is package %s and no program", pkg, p.Name)
	case p.Module == nil:
		return p, fmt.Errorf("%s is in no module: write a go.mod", pkg)
	}
	return p, nil
}

// copyTo puts a copy of the package into the module of the program of a world.
func (p mainPackage) copyTo(module string) error {
	to := filepath.Join(module, insideName)
	if err := os.RemoveAll(to); err != nil { // the files of another version
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, name := range p.GoFiles {
		source, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return err
		}
		renamed, ok := renamePackage(source)
		if !ok {
			return fmt.Errorf("%s has no package clause that is a line of its own", filepath.Join(p.Dir, name))
		}
		if err := os.WriteFile(filepath.Join(to, name), []byte(renamed), 0o644); err != nil {
			return err
		}
	}
	const added = "zz_faultline.go"
	return os.WriteFile(filepath.Join(to, added), []byte("package "+insideName+"\n\n// FaultlineMain is main.\nfunc FaultlineMain() { main() }\n"), 0o644)
}

// renamePackage gives a file of package main the other name; false if its clause is not found.
func renamePackage(source []byte) (string, bool) {
	var out []byte
	found := false
	for line := range bytes.Lines(source) {
		if !found && strings.HasPrefix(string(line), "package main") {
			found = true
			line = append([]byte("package "+insideName), line[len("package main"):]...)
		}
		out = append(out, line...)
	}
	return string(out), found
}

// requireStore is what the go.mod of the program of a world says to have a store in it.
func (b *Builder) requireStore(ctx context.Context, g *toolchain, s description.Build) (text, pkg string, err error) {
	switch {
	case s.Binary != "":
		return "", "", fmt.Errorf("build.binary: %s is a program of its own, and cannot run inside that of the world: give its package or path", s.Binary)
	case s.Path == "":
		for name, by := range s.Replace {
			text += "\nreplace " + name + " => " + strings.Replace(by, "@", " ", 1) + "\n"
		}
		return text, s.Package, nil
	}
	p, err := findMain(ctx, g.users(), s.Path, ".")
	if err != nil {
		return "", "", fmt.Errorf("build.path %s: %w", s.Path, err)
	}
	return source{dir: p.Module.Dir}.require(p.Module.Path, "."), p.ImportPath, nil
}
