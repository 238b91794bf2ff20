//go:build long

package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// Each experiment of the course comes out as the course says.
func TestCourse(t *testing.T) {
	all := experiments(t)
	stored := t.TempDir()
	t.Chdir("../..")
	for _, e := range all {
		t.Run(strings.Join(e.args, " "), func(t *testing.T) {
			args := slices.Clone(e.args)
			if args[0] != "hermitage" {
				args = append(args, "--results", stored)
			}
			var stdout, stderr bytes.Buffer
			code := execute(t.Context(), args, &stdout, &stderr)
			if want := map[string]int{"valid": 0, "invalid": 1}[e.outcome]; code != want {
				t.Errorf("the exit code is %d, and the course says %s\n%s%s", code, e.outcome, &stdout, &stderr)
			}
			if !strings.Contains(stdout.String(), e.shows) {
				t.Errorf("it does not show %q:\n%s", e.shows, &stdout)
			}
		})
	}
}
