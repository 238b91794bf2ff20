package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"faultline/internal/scripts"
)

// Schedules that reproduce defects are documents. In each, a comment is the command that runs it, after a dollar, and another what
// the verdict must say, after "invalid:". A third, "control:", is flags with which the same command finds nothing.
var (
	command = regexp.MustCompile(`(?m)^# \$ (faultline run .*)$`)
	reason  = regexp.MustCompile(`(?m)^# invalid: (.*)$`)
	control = regexp.MustCompile(`(?m)^# control: (.*)$`)
)

// defectsOfRaft is where those of hashicorp/raft are.
const defectsOfRaft = "docs/raft"

// slow are those that take more than a few seconds, for want of luck or because a livelock is much to compute.
var slow = []string{"snapshot-over-conflict", "truncated-append"}

// The unmodified library fails as its schedules say.
func TestDefectsOfRaft(t *testing.T) {
	reproduce(t, defectsOfRaft, func(name string) bool { return !slices.Contains(slow, name) })
}

// reproduce types the commands of the defects in a directory that are wanted, where they would be typed. What the go command
// needs to build a store is in the environment.
func reproduce(t *testing.T, dir string, wanted func(name string) bool, environment ...string) {
	defects := filepath.Join("..", "..", filepath.FromSlash(dir))
	files, err := filepath.Glob(filepath.Join(defects, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no schedules in %s: %v", defects, err)
	}
	written := t.TempDir()
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if !wanted(name) {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		typed, says := command.FindSubmatch(b), reason.FindSubmatch(b)
		if typed == nil || says == nil {
			t.Fatalf("%s does not say how it is run, or what comes of it", file)
		}
		script := fmt.Sprintf("exits 1 %s\nstdout 'is invalid: .*%s'\n", typed[1], says[1])
		for _, flags := range control.FindAllSubmatch(b, -1) {
			script += fmt.Sprintf("exits 0 %s %s\n", typed[1], flags[1])
		}
		if err := os.WriteFile(filepath.Join(written, name+".txt"), []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	testscript.Run(t, testscript.Params{Dir: written, RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": scripts.Exits},
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, environment...)
			return os.CopyFS(filepath.Join(e.WorkDir, filepath.FromSlash(dir)), os.DirFS(defects))
		}})
}
