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
)

// defects is where the schedules are that reproduce defects of hashicorp/raft. In each, a comment is the command that
// runs it, after a dollar, and another what the verdict must say, after "invalid:".
var defects = filepath.FromSlash("../../docs/raft")

var (
	command = regexp.MustCompile(`(?m)^# \$ (faultline run .*)$`)
	reason  = regexp.MustCompile(`(?m)^# invalid: (.*)$`)
)

// slow are those that take more than a few seconds, for want of luck or because a livelock is much to compute.
var slow = []string{"snapshot-over-conflict", "truncated-append"}

// The unmodified library fails as its schedules say.
func TestDefectsOfRaft(t *testing.T) {
	reproduce(t, func(name string) bool { return !slices.Contains(slow, name) })
}

// reproduce types the commands of the defects that are wanted, where they would be typed.
func reproduce(t *testing.T, wanted func(name string) bool) {
	files, err := filepath.Glob(filepath.Join(defects, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no schedules in %s: %v", defects, err)
	}
	scripts := t.TempDir()
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
		if err := os.WriteFile(filepath.Join(scripts, name+".txt"), []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	testscript.Run(t, testscript.Params{Dir: scripts, RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Setup: func(e *testscript.Env) error {
			return os.CopyFS(filepath.Join(e.WorkDir, "docs", "raft"), os.DirFS(defects))
		}})
}
