package build

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// sourceVariable names the environment variable with the directory of Faultline's source.
const sourceVariable = "FAULTLINE_SOURCE"

// source is where the program of a world gets Faultline from: a directory, or a version of its module.
type source struct {
	dir     string
	version string // if dir is empty
}

// findSource finds the source of this very program: where the environment says, or the version that it was installed by, or
// the directory that it was built from.
func findSource() (source, error) {
	if dir := os.Getenv(sourceVariable); dir != "" {
		if !isSource(dir) {
			return source{}, fmt.Errorf("%s=%s: there is no go.mod of the module faultline", sourceVariable, dir)
		}
		dir, err := filepath.Abs(dir)
		return source{dir: dir}, err
	}
	if version := installed(); version != "" {
		return source{version: version}, nil
	}
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(file), "..", "..", "..")
	if !filepath.IsAbs(file) || !isSource(dir) {
		return source{}, fmt.Errorf("the program of a world is built from Faultline's source, which is not where this program was built; "+
			"say where it is by %s=DIRECTORY, a clone of the repository", sourceVariable)
	}
	return source{dir: dir}, nil
}

// isSource reports whether a directory is the root of the module faultline.
func isSource(dir string) bool {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && strings.HasPrefix(string(mod), "module faultline\n")
}

// installed is the version of the module faultline in this program, if a module proxy has it; else empty.
func installed() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == "faultline" && m.Sum != "" && m.Replace == nil {
			return m.Version
		}
	}
	return ""
}
