package build

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// listed is a package, as the go command lists it.
type listed struct {
	ImportPath string
	Standard   bool
	CgoFiles   []string
	Imports    []string
}

// explained adds to the complaint about a build which package cannot be built because it uses cgo, and what imports it. A guest's C
// code would make its own system calls, and have threads and a heap of its own. So programs are built without cgo; most packages
// have another way then, and those that have none fail in ways that do not say so.
func (g *toolchain) explained(ctx context.Context, dir string, tags []string, target string, complaint error) error {
	with := *g
	with.cgo = true
	out, err := with.run(ctx, dir, "list", "-e", "-deps", "-tags="+strings.Join(tags, ","), "-json=ImportPath,Standard,CgoFiles,Imports", target)
	if err != nil {
		return complaint
	}
	importers, order := map[string]string{}, []listed{}
	for all := json.NewDecoder(strings.NewReader(out)); ; {
		var p listed
		if err := all.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return complaint
		}
		order = append(order, p)
		for _, imported := range p.Imports {
			importers[imported] = p.ImportPath // the last, which is nearest to the program
		}
	}
	for _, p := range order {
		if !p.Standard && len(p.CgoFiles) > 0 && isNamed(p.ImportPath, complaint.Error()) {
			return fmt.Errorf("%s uses cgo, and C code cannot be in a closed world; it is imported by %s; without cgo, %w",
				p.ImportPath, chain(importers, p.ImportPath), complaint)
		}
	}
	return complaint
}

// isNamed reports whether the go command complains of a package, or of what imports it.
func isNamed(importPath, complaint string) bool {
	return strings.Contains(complaint, "# "+importPath+"\n") || strings.Contains(complaint, "imports "+importPath+": build constraints exclude all Go files") ||
		strings.Contains(complaint, "package "+importPath+": build constraints exclude all Go files")
}

// chain is how a program comes to import a package, the nearest first.
func chain(importers map[string]string, of string) string {
	var all []string
	for at := importers[of]; at != ""; at = importers[at] {
		all = append(all, at)
	}
	if all == nil {
		return "nothing else"
	}
	return strings.Join(all, ", which is imported by ")
}
