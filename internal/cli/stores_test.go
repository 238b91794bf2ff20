//go:build long

package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"faultline/internal/scripts"
)

// The stores of docs/stores.md fail as it says, each within a few seconds once it is built, and do not where they should not. They
// are downloaded and built as a user would.
func TestStores(t *testing.T) {
	reproduce(t, "docs/stores", func(string) bool { return true }, ofTheUser()...)
}

// ofTheUser is the part of the environment by which programs are built.
func ofTheUser() (environment []string) {
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "GOPROXY", "GOFLAGS", "GOMODCACHE", "GOCACHE"} {
		if value, ok := os.LookupEnv(name); ok {
			environment = append(environment, name+"="+value)
		}
	}
	return environment
}

// The scripts of testdata/long build a store.
func TestScriptsThatBuild(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: filepath.Join("testdata", "long"), RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": scripts.Exits},
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, ofTheUser()...)
			return nil
		}})
}
