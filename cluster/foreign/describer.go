package foreign

import (
	"fmt"
	"strings"
	"sync"

	"faultline/cluster"
	"faultline/cluster/foreign/description"
)

// Describer finds systems by their files, and those that come with Faultline by their names.
type Describer struct{}

var _ cluster.Describer = Describer{}

// Kinds implements cluster.Describer.
func (Describer) Kinds() []cluster.Kind { return builtIn() }

var builtIn = sync.OnceValue(func() []cluster.Kind {
	var all []cluster.Kind
	for _, name := range description.Names() {
		d, _ := description.BuiltIn(name)
		k, err := configOf(d, "").Kind()
		if err != nil {
			panic(err) // a test makes all of them
		}
		all = append(all, k)
	}
	return all
})

// Config implements cluster.Describer.
func (Describer) Config() cluster.Described { return &Config{} }

// Find implements cluster.Describer: for a file, or for the name of a system that comes with Faultline with a version behind
// it, as for go install: etcd@v3.5.0.
func (Describer) Find(name string) (cluster.Kind, bool, error) {
	if IsFile(name) {
		d, err := description.Read(name)
		if err != nil {
			return cluster.Kind{}, true, err
		}
		return fromFile(d, name)
	}
	system, version, given := strings.Cut(name, "@")
	d, known := description.BuiltIn(system)
	switch {
	case !given || !known:
		return cluster.Kind{}, false, nil
	case version == "":
		return cluster.Kind{}, true, fmt.Errorf("%s: give a version behind the @, such as %s@%s, or latest", name, system, d.Build.Version)
	}
	d.Build.Version = version
	k, err := configOf(d, "").Kind()
	return k, true, err
}

// fromFile is the kind that a file describes.
func fromFile(d description.Description, file string) (cluster.Kind, bool, error) {
	client, err := clientKindOf(d)
	if err != nil {
		return cluster.Kind{}, true, description.Wrong(file, "client.kind", err)
	}
	if _, err := client.operations(d); err != nil {
		return cluster.Kind{}, true, description.Wrong(file, "client.options", err)
	}
	k, err := configOf(d, file).Kind()
	return k, true, err
}

// IsFile reports whether a system is called by its file, and not by its name.
func IsFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".toml")
}
