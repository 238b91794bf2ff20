package faultline_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// inWorlds runs tests of the examples by the command faultline test.
func inWorlds(t *testing.T, args string) (out string, err error) {
	t.Helper()
	return command(t, "go run faultline/cmd/faultline test "+args)
}

// A queue with a journal, memberlist, and raft on TCP and bbolt keep their promises in closed worlds.
func TestExamplesInWorlds(t *testing.T) {
	if out, err := inWorlds(t, "./queue ./members ./raftlog"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A bug is found, and the command that is printed repeats the run to the last byte.
func TestAWorldThatFails(t *testing.T) {
	out, err := inWorlds(t, "./testdata/planted -run TestQueue")
	again := regexp.MustCompile(`(?m)^ *again +faultline test (.*)$`).FindStringSubmatch(out)
	if err == nil || again == nil || !strings.Contains(out, " was pushed and never done") {
		t.Fatalf("the bug is not found: %v\n%s", err, out)
	}
	first := ""
	for range 3 {
		out, err := inWorlds(t, again[1])
		if err == nil {
			t.Fatalf("%s passes", again[1])
		}
		out = regexp.MustCompile(`\(?\d+\.\d+s\)?\n`).ReplaceAllString(out, "\n") // how long it took
		if first == "" {
			first = out
		}
		if out != first {
			t.Fatalf("two runs of one seed differ:\n%s\n%s", first, out)
		}
	}
}

// Without the overlay a test in a world does not pass.
func TestAWorldNeedsItsBuild(t *testing.T) {
	out, err := command(t, "go test ./testdata/plain")
	if err == nil || !strings.Contains(out, "run it by the command faultline test") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The test in the documentation is one that is run.
func TestDocumentedWorld(t *testing.T) {
	doc, err := os.ReadFile("docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("examples/queue/docs_test.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), "```go\n"+string(code)+"```\n") {
		t.Error("docs/testing.md does not show examples/queue/docs_test.go")
	}
}

// What a host of a test can do and suffer is tested by tests in worlds.
func TestHostsInWorlds(t *testing.T) {
	cmd := exec.Command("go", "run", "./cmd/faultline", "test", "./cluster/guest")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
