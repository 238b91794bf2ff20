package cli

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faultline/cluster"
	"faultline/cluster/course"
)

// experiment is a command of the course, and what comes of it.
type experiment struct {
	args    []string
	outcome string // valid, or invalid; of a command that gives no verdict what it prints
	shows   string // is in what it prints; it may be empty
}

// typedInCourse is the line of an experiment: "faultline run --read stale  # invalid: stale read".
var typedInCourse = regexp.MustCompile(`(?m)^faultline ([^#\n]*?) +# (valid|invalid|prints)(?:: (.*))?$`)

// courseText is the course as it is written.
func courseText(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash("../../docs/course.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// experimentsIn are those of a part of the course.
func experimentsIn(text string) (all []experiment) {
	for _, m := range typedInCourse.FindAllStringSubmatch(text, -1) {
		all = append(all, experiment{strings.Fields(m[1]), m[2], m[3]})
	}
	return all
}

// experiments are those of the course.
func experiments(t *testing.T) []experiment {
	t.Helper()
	text := courseText(t)
	all := experimentsIn(text)
	if commands := strings.Count(text, "\nfaultline "); commands != len(all) || len(all) < 40 {
		t.Errorf("of %d commands %d say what comes of them", commands, len(all))
	}
	return all
}

// The table of contents has the lectures, and the systems that their experiments use.
func TestTableOfContents(t *testing.T) {
	lectures := strings.Split(courseText(t), "\n## ")[1:]
	if len(lectures) != len(course.Lectures()) {
		t.Fatalf("%d lectures, and %d in the table of contents", len(lectures), len(course.Lectures()))
	}
	for i, l := range course.Lectures() {
		if title, _, _ := strings.Cut(lectures[i], "\n"); title != l.String() {
			t.Errorf("%q is %q in the table of contents", title, l)
		}
		var used, listed []string
		for _, e := range experimentsIn(lectures[i]) {
			systems, err := systemsOf(e.args)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range systems {
				if e.args[0] != "hermitage" { // which has one system of its own
					used = append(used, k.Name)
				}
			}
		}
		for _, k := range cluster.Kinds() {
			if slices.Contains(k.Lectures, l) {
				listed = append(listed, k.Name)
			}
		}
		slices.Sort(used)
		slices.Sort(listed)
		if used = slices.Compact(used); !slices.Equal(used, listed) {
			t.Errorf("%v uses %v, and the table of contents has %v", l, used, listed)
		}
	}
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
