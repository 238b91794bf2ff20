//go:build long

package cli

import (
	"os"
	"testing"
)

// The stores of docs/stores.md fail as it says, each within a few seconds once it is built, and do not where they should not. They
// are downloaded and built as a user would.
func TestStores(t *testing.T) {
	var environment []string
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "GOPROXY", "GOFLAGS", "GOMODCACHE", "GOCACHE"} {
		if value, ok := os.LookupEnv(name); ok {
			environment = append(environment, name+"="+value)
		}
	}
	reproduce(t, "docs/stores", func(string) bool { return true }, environment...)
}
