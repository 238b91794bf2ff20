package description

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// aName is what a system or a mode can be called: it becomes a part of file names and of command lines.
var aName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// check returns the first thing that is wrong with a description, and its key.
func (d Description) check() (key string, err error) {
	if !aName.MatchString(d.Name) {
		return "name", fmt.Errorf("%q: give a name of lower-case letters, digits and hyphens", d.Name)
	}
	if d.Nodes < 1 {
		return "nodes", fmt.Errorf("%d: give 1 or more", d.Nodes)
	}
	for _, check := range []func() (string, error){d.Build.check, d.Node.check, d.Client.check, d.checkModes, d.Disk.check, d.Log.check} {
		if key, err := check(); err != nil {
			return key, err
		}
	}
	return "", nil
}

func (b Build) check() (key string, err error) {
	given := slices.DeleteFunc([]string{b.Package, b.Path, b.Binary}, func(s string) bool { return s == "" })
	switch {
	case len(given) == 0:
		return "build", errors.New("say what is to be built: a package with its version, or the path of a main package, or a binary that was built before")
	case len(given) > 1:
		return "build", errors.New("give one of package, path and binary")
	case b.Package != "" && b.Version == "":
		return "build.version", errors.New(`it is missing; give one such as "v1.2.3" or "latest"`)
	case b.Package == "" && b.Version != "":
		return "build.version", errors.New("only a package has a version")
	case b.Package == "" && len(b.Require) > 0:
		return "build.require", errors.New("the module of a path says itself what it requires")
	case b.Package == "" && len(b.Replace) > 0:
		return "build.replace", errors.New("the module of a path says itself what it replaces")
	case b.Binary != "" && len(b.Tags) > 0:
		return "build.tags", errors.New("a binary is built already")
	}
	for _, module := range b.Require {
		if !strings.Contains(module, "@") {
			return "build.require", fmt.Errorf("%q: give a module with its version, such as go.etcd.io/bbolt@v1.4.0", module)
		}
	}
	for module, by := range b.Replace {
		if !isDirectory(by) && !strings.Contains(by, "@") {
			return "build.replace", fmt.Errorf("%s = %q: give a directory, such as ./fork, or a module with its version", module, by)
		}
	}
	return "", nil
}

func (n Node) check() (key string, err error) {
	for name := range n.Files {
		if !filepath.IsLocal(name) {
			return "node.files", fmt.Errorf("%q: give a name below the node's directory", name)
		}
	}
	return "", nil
}

func (c Client) check() (key string, err error) {
	switch {
	case c.Kind == "":
		return "client.kind", errors.New("it is missing: say which client speaks to the store, see 'faultline systems clients'")
	case !isPort(c.Port):
		return "client.port", fmt.Errorf("%d: give the port where nodes answer clients", c.Port)
	case c.Package != "" && len(c.Ops) == 0:
		return "client.ops", errors.New(`say what the client understands, such as ["read", "write", "cas"]`)
	case c.Package == "" && len(c.Ops) > 0:
		return "client.ops", errors.New("only a client of your own, with a package, says what it understands")
	}
	return "", nil
}

func (d Description) checkModes() (key string, err error) {
	for i, m := range d.Modes {
		switch {
		case !aName.MatchString(m.Name):
			return "mode.name", fmt.Errorf("%q: give a name of lower-case letters, digits and hyphens", m.Name)
		case slices.ContainsFunc(d.Modes[:i], func(other Mode) bool { return other.Name == m.Name }):
			return "mode.name", fmt.Errorf("there are two modes called %s", m.Name)
		}
	}
	return "", nil
}

func (d Disk) check() (key string, err error) {
	for _, pattern := range slices.Concat(d.Log, d.Snapshot) {
		if _, err := path.Match(pattern, ""); err != nil {
			return "disk", fmt.Errorf("%q: %w", pattern, err)
		}
	}
	return "", nil
}

func (l Log) check() (key string, err error) {
	if l.Term.IsSet() && l.Term.Regexp().SubexpIndex("term") < 0 {
		return "log.term", errors.New(`it has no group for the term: write it as (?P<term>\d+)`)
	}
	return "", nil
}
