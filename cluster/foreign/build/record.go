package build

import (
	"debug/buildinfo"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"faultline/overlay"
)

// Record is what programs were built from.
type Record struct {
	Digest  string   `json:"digest,omitempty"`  // of the programs
	Go      string   `json:"go,omitempty"`      // the version of Go
	Overlay string   `json:"overlay,omitempty"` // the version of the overlay
	Version string   `json:"version,omitempty"` // of the store's module; empty if it has none
	Modules []string `json:"modules,omitempty"` // what the store's program consists of, each with its version
}

// Differs says what other programs were built from in place of this.
func (r Record) Differs(then Record) []string {
	var all []string
	for _, part := range []struct{ what, then, now string }{
		{"Go", then.Go, r.Go}, {"the overlay", then.Overlay, r.Overlay},
	} {
		if part.then != part.now {
			all = append(all, fmt.Sprintf("%s was %s, and is %s", part.what, part.then, part.now))
		}
	}
	for _, m := range then.Modules {
		if name, version, _ := strings.Cut(m, " "); !slices.Contains(r.Modules, m) {
			all = append(all, fmt.Sprintf("%s was %s, and is %s", name, version, versionIn(r.Modules, name)))
		}
	}
	if len(all) == 0 && then.Digest != r.Digest {
		all = append(all, "the source of what was built was another")
	}
	return all
}

// versionIn is the version of a module in a list.
func versionIn(modules []string, name string) string {
	for _, m := range modules {
		if version, ok := strings.CutPrefix(m, name+" "); ok {
			return version
		}
	}
	return "not there"
}

// recordOf reads from the store's program what it was built from.
func recordOf(p Plan, store string) (Record, error) {
	info, err := buildinfo.ReadFile(store)
	if err != nil {
		return Record{}, fmt.Errorf("read how %s was built: %w", store, err)
	}
	r := Record{Go: info.GoVersion, Overlay: overlay.Version()}
	if p.Store.Package != "" {
		r.Version = info.Main.Version
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		r.Modules = append(r.Modules, m.Path+" "+m.Version)
		if p.Inside && (p.Store.Package == m.Path || strings.HasPrefix(p.Store.Package, m.Path+"/")) {
			r.Version = m.Version
		}
	}
	return r, nil
}

// checkBinary refuses a program that was built without the overlay, or with another: the two ends of a world's wire would not
// understand each other.
func checkBinary(file string) error {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return fmt.Errorf("build.binary: %s is no program that the go command has built: %w", file, err)
	}
	tags := tagsOf(info)
	lacks := func(tag string) bool { return !slices.Contains(tags, tag) }
	switch {
	case !slices.ContainsFunc(overlay.Tags(), lacks):
		return nil
	case !lacks(overlay.Tag):
		return fmt.Errorf("build.binary: %s was built with the overlay of another version of Faultline: build it again with this one", file)
	}
	return fmt.Errorf("build.binary: %s was built without the overlay of the standard library, so it would live in real time; "+
		"give its package or its path, and it is built here", file)
}

// tagsOf are the build tags that a program was built with.
func tagsOf(info *debug.BuildInfo) []string {
	for _, s := range info.Settings {
		if s.Key == "-tags" {
			return strings.Split(s.Value, ",")
		}
	}
	return nil
}
