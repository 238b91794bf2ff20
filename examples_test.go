package faultline_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// command runs a command in the module of examples, as on a machine without a network, and returns what it printed.
func command(t *testing.T, command string) (out string, err error) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command")
	}
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = "examples"
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly", "FAULTLINE_RESULTS="+t.TempDir())
	b, err := cmd.CombinedOutput()
	return string(b), err
}

// The examples are what they say: stores, workloads and checkers of another module, which needs no change here.
// When go.mod has changed, go mod tidy in examples brings theirs up to date.
func TestExamples(t *testing.T) {
	if out, err := command(t, "go test ./..."); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What a failing test prints is enough to run the same again: by its seed, and to the last byte.
func TestAnExampleThatFails(t *testing.T) {
	for test, sentence := range map[string]string{
		"TestLocks":  " was given with token ",
		"TestGossip": " elements that were acknowledged are not on ",
	} {
		t.Run(test, func(t *testing.T) {
			out, err := command(t, "go test ./testdata/planted -run "+test)
			if err == nil {
				t.Fatalf("the bug is not found\n%s", out)
			}
			found := regexp.MustCompile(`seed \d+ is invalid: .*` + sentence + `.*`).FindString(out)
			if found == "" || !strings.Contains(out, "|--|") {
				t.Fatalf("no sentence, or no picture, in\n%s", out)
			}
			for way, says := range map[string]string{"again": found, "replay": "to the last byte"} {
				line := regexp.MustCompile(`(?m)^ *` + way + ` +(.*)$`).FindStringSubmatch(out)
				if line == nil {
					t.Fatalf("no %s in\n%s", way, out)
				}
				repeated, err := command(t, line[1])
				if err == nil || !strings.Contains(repeated, found) || !strings.Contains(repeated, says) {
					t.Errorf("%s does not say %q, but\n%s", line[1], says, repeated)
				}
			}
		})
	}
}
