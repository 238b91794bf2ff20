//go:build long

package cli

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A planted error in our own decider is caught by the second opinion. The program is built with a decider of registers that finds
// everything linearizable, and then tests a store that gives stale reads:
//
//	go test -tags long -run PlantedError ./internal/cli
func TestAPlantedErrorOfOursIsAnInternalError(t *testing.T) {
	dir := t.TempDir()
	program := buildWith(t, dir, "../../checker/linear/zones.go",
		"func decideZones(o *object, c *clock) checker.Validity {", "if true {\nreturn checker.Valid\n}")
	cmd := exec.Command(program, "run", "--read", "stale", "--test-count", "2", "--results", filepath.Join(dir, "runs"))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInternal {
		t.Fatalf("got %v, want exit code %d:\n%s", err, exitInternal, out)
	}
	for _, want := range []string{"and invalid by porcupine", "two checkers disagree about 2 runs"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("nothing says %q:\n%s", want, out)
		}
	}
	kept, err := filepath.Glob(filepath.Join(dir, "runs", "latest", "*Z-*", "history.jsonl"))
	if err != nil || len(kept) != 2 {
		t.Errorf("%d histories were kept: %v", len(kept), err)
	}
}

// buildWith builds the program with some code added after a line of a source file, and returns its path.
func buildWith(t *testing.T, dir, file, line, added string) string {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), line+"\n") {
		t.Fatalf("%s has no line %q any more", file, line)
	}
	edited, overlay, program := filepath.Join(dir, "edited.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "faultline")
	if err := os.WriteFile(edited, []byte(strings.Replace(string(source), line, line+"\n"+added, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]any{"Replace": map[string]string{path: edited}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-overlay", overlay, "-o", program, "../../cmd/faultline").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}
