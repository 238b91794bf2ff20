package recorded

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history/stats"
)

// The histories of Knossos come out as it says. FAULTLINE_HISTORIES names its directory data, where somebody has it: a file is in a
// directory good or bad, below one that names the model. Of a history in which nothing is ok Knossos says that it is good, and we that it
// is unknown.
func TestKnossosSaysTheSame(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("FAULTLINE_HISTORIES"))
	if len(dirs) == 0 {
		t.Skip("FAULTLINE_HISTORIES names no directories")
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			parts := strings.Split(filepath.ToSlash(path), "/")
			if n := len(parts); err == nil && n > 2 && filepath.Ext(path) == ".edn" && (parts[n-2] == "good" || parts[n-2] == "bad") {
				t.Run(path, func(t *testing.T) { comesOut(t, path, parts[n-3], parts[n-2] == "good") })
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func comesOut(t *testing.T, path, model string, good bool) {
	o := Options{Model: model}
	if model == "multi-register" { // that of Knossos begins with 0
		var err error
		if o.Check.Initial, err = checker.ParseInitial("0"); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Check(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	want := checker.Invalid
	if good {
		want = checker.Valid
	}
	if good && !slices.ContainsFunc(r.Functions, func(f stats.FunctionStats) bool { return f.OK > 0 }) {
		want = checker.Unknown
	}
	if r.Verdict.Validity != want {
		t.Errorf("%v, and Knossos says %v: %s", r.Verdict.Validity, want, r.Verdict.Reason)
	}
	if opinion := r.Verdict.Opinion(); opinion != nil {
		t.Log(opinion)
	}
}
