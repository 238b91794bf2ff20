package build

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"faultline/cluster/foreign/description"
)

// module is one that is generated to build something that is in others.
type module struct {
	dir   string
	ready bool // it requires all that it needs
}

// workspace is a directory of its own for what is built in the same way, by the same Go and with the same overlay: who takes turns
// with another does not build each time.
func (b *Builder) workspace(g *toolchain, what ...any) (string, error) {
	text, err := json.Marshal(append(what, g.version, g.overlay))
	if err != nil {
		return "", err
	}
	dir := filepath.Join(b.cache, "modules", fmt.Sprintf("%x", sha256.Sum256(text))[:16])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make a directory for what is built: %w", err)
	}
	return dir, nil
}

// requiring is a module for the package of another module.
func (b *Builder) requiring(g *toolchain, s description.Build) (module, error) {
	dir, err := b.workspace(g, "package", s.Package, s.Version, s.Require, s.Replace, s.Tags)
	if err != nil {
		return module{}, err
	}
	_, err = os.Stat(filepath.Join(dir, "go.sum")) // which is written last
	return module{dir: dir, ready: err == nil}, nil
}

// get requires what a package needs.
func (m module) get(ctx context.Context, g *toolchain, s description.Build) error {
	text := fmt.Sprintf("module faultline.example/store\n\ngo %s\n", strings.TrimPrefix(g.version, "go"))
	for name, by := range s.Replace {
		text += "\nreplace " + name + " => " + strings.Replace(by, "@", " ", 1) + "\n"
	}
	if err := os.WriteFile(filepath.Join(m.dir, "go.mod"), []byte(text), 0o644); err != nil {
		return err
	}
	_, err := g.run(ctx, m.dir, append([]string{"get", s.Package + "@" + s.Version}, s.Require...)...)
	return err
}

// exact matches a version that means the same at any time.
var exact = regexp.MustCompile(`^v\d+\.\d+\.\d+`)

func isExact(version string) bool { return exact.MatchString(version) }

// worldModule is the module of a world's program, and the package of the store that is inside it, if one is.
func (b *Builder) worldModule(ctx context.Context, g *toolchain, p Plan) (m module, store string, err error) {
	client, err := findClient(ctx, g, p)
	if err != nil {
		return m, "", err
	}
	what := []any{"world", client.importPath, client.dir, b.source.dir, b.source.version}
	if p.Inside {
		what = append(what, p.Store)
	}
	if m.dir, err = b.workspace(g, what...); err != nil {
		return m, "", err
	}
	mod := fmt.Sprintf("module faultline.example/world\n\ngo %s\n", strings.TrimPrefix(g.version, "go")) + b.source.require("faultline", ".")
	if p.Own {
		mod += source{dir: client.dir}.require(client.module, ".")
	} else {
		mod += b.source.require(clientModule, "clients")
	}
	if p.Inside {
		var text string
		if text, store, err = b.requireStore(ctx, g, p.Store); err != nil {
			return m, "", err
		}
		mod += text
	}
	if err := writeIfChanged(filepath.Join(m.dir, "main.go"), worldMain(client.importPath, p.Inside)); err != nil {
		return m, "", err
	}
	if wrote, _ := os.ReadFile(filepath.Join(m.dir, "asked.mod")); string(wrote) == mod {
		m.ready = true
		return m, store, nil
	}
	// The go command adds to go.mod, so what it was asked for is kept aside.
	if err := os.WriteFile(filepath.Join(m.dir, "go.mod"), []byte(mod), 0o644); err != nil {
		return m, "", err
	}
	if p.Inside && p.Store.Path == "" {
		if err := m.add(ctx, g, p.Store); err != nil {
			return m, "", err
		}
	}
	return m, store, os.WriteFile(filepath.Join(m.dir, "asked.mod"), []byte(mod), 0o644)
}

// add requires the module of a store, in addition to what the module requires.
func (m module) add(ctx context.Context, g *toolchain, s description.Build) error {
	_, err := g.run(ctx, m.dir, append([]string{"get", s.Package + "@" + s.Version}, s.Require...)...)
	return err
}

// worldMain is the source of a world's program.
func worldMain(client string, inside bool) string {
	if !inside {
		return fmt.Sprintf("// This program is the process of a world.\npackage main\n\nimport (\n\t\"faultline\"\n\t_ %q\n)\n\nfunc main() { faultline.Main() }\n", client)
	}
	return fmt.Sprintf("// This program is the process of a world, and its nodes.\npackage main\n\nimport (\n\t\"faultline\"\n\t\"faultline/cluster/foreign\"\n\t_ %q\n\n\t\"faultline.example/world/store\"\n)\n\n"+
		"func main() {\n\tforeign.RegisterProgram(store.FaultlineMain)\n\tfaultline.Main()\n}\n", client)
}

// require is what a go.mod says to have a module that is below a directory of the source, or is of the source's version.
func (s source) require(module, below string) string {
	if s.dir == "" {
		return fmt.Sprintf("\nrequire %s %s\n", module, s.version)
	}
	return fmt.Sprintf("\nrequire %[1]s v0.0.0\n\nreplace %[1]s => %[2]s\n", module, filepath.Join(s.dir, below))
}

// clientModule is the module of the clients that come with Faultline.
const clientModule = "faultline/clients"

// writeIfChanged leaves a file alone that is as it should be, so that the go command does not look at it again.
func writeIfChanged(file, text string) error {
	if old, err := os.ReadFile(file); err == nil && string(old) == text {
		return nil
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// client is the package of a client.
type client struct {
	importPath string
	module     string // of a client of one's own, with its directory
	dir        string
}

// findClient asks the go command for the package of a client of one's own.
func findClient(ctx context.Context, g *toolchain, p Plan) (client, error) {
	if !p.Own {
		return client{importPath: p.Client}, nil
	}
	if info, err := os.Stat(p.Client); err != nil || !info.IsDir() {
		return client{}, fmt.Errorf("client.package: there is no directory %s", p.Client)
	}
	out, err := g.users().run(ctx, p.Client, "list", "-f", "{{.ImportPath}}\n{{.Module.Path}}\n{{.Module.Dir}}", ".")
	if err != nil {
		return client{}, fmt.Errorf("client.package %s: %w", p.Client, err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 {
		return client{}, fmt.Errorf("client.package %s is in no module: write a go.mod", p.Client)
	}
	return client{importPath: lines[0], module: lines[1], dir: lines[2]}, nil
}
