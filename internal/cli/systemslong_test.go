//go:build long

package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// The store of the examples that knows nothing of Faultline is built, its bug is found, and a run of it is the same again:
//
//	go test -tags long -run AStoreOfItsOwn -v ./internal/cli
func TestAStoreOfItsOwn(t *testing.T) {
	file, err := filepath.Abs(filepath.Join("..", "..", "examples", "caspaxos", "caspaxos.toml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if out := ran(t, 1, "run", "--system", file, "--time-limit", "30s", "--test-count", "4", "--name", "own"); !strings.Contains(out, "stale read") {
		t.Errorf("no stale read:\n%s", out)
	}
	if out := ran(t, 1, "replay", "own:1"); !strings.Contains(out, "to the last byte") {
		t.Errorf("the replay differs:\n%s", out)
	}
}

// Ten virtual minutes of a store fit in the default memory, and are the same again:
//
//	go test -tags long -run TenMinutes -v ./internal/cli
func TestTenMinutes(t *testing.T) {
	for _, system := range []string{"etcd", "nats"} {
		for _, processes := range []string{"many", "one"} {
			t.Run(system+", "+processes, func(t *testing.T) {
				t.Chdir(t.TempDir())
				ran(t, 0, "run", "--system", system, "--processes", processes, "--node-count", "3", "--rate", "100", "--time-limit", "10m",
					"--test-count", "1", "--name", "long")
				if out := ran(t, 0, "replay", "long:1"); !strings.Contains(out, "to the last byte") {
					t.Errorf("the replay differs:\n%s", out)
				}
			})
		}
	}
}

// ran runs a command that must exit with a code, and returns what it prints.
func ran(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if got := execute(context.Background(), args, &out, &errOut); got != code {
		t.Fatalf("%q exits with %d\n%s%s", args, got, out.String(), errOut.String())
	}
	return out.String()
}
