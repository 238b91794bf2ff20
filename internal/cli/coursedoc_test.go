package cli

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// experiment is a command of the course, and what comes of it.
type experiment struct {
	args    []string
	outcome string // valid, or invalid; of a command that gives no verdict what it prints
	shows   string // is in what it prints; it may be empty
}

// typedInCourse is the line of an experiment: "faultline run --read stale  # invalid: stale read".
var typedInCourse = regexp.MustCompile(`(?m)^faultline ([^#\n]*?) +# (valid|invalid|prints)(?:: (.*))?$`)

// experiments are those of the course.
func experiments(t *testing.T) []experiment {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash("../../docs/course.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []experiment
	for _, m := range typedInCourse.FindAllStringSubmatch(string(b), -1) {
		all = append(all, experiment{strings.Fields(m[1]), m[2], m[3]})
	}
	if commands := strings.Count(string(b), "\nfaultline "); commands != len(all) || len(all) < 40 {
		t.Errorf("of %d commands %d say what comes of them", commands, len(all))
	}
	return all
}

// Every command of the course is one. What comes of them the long test says.
func TestCourseHasCommands(t *testing.T) {
	for _, e := range experiments(t) {
		systems, err := systemsOf(e.args)
		if err != nil {
			t.Errorf("%s: %v", strings.Join(e.args, " "), err)
			continue
		}
		root := newRoot(systems)
		root.SetOut(io.Discard)
		cmd, rest, err := root.Find(e.args)
		if err == nil {
			err = cmd.ParseFlags(rest)
		}
		if err != nil {
			t.Errorf("%s: %v", strings.Join(e.args, " "), err)
		}
	}
}
