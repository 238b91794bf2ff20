package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/history/stats"
)

func openCampaign(t *testing.T) *Campaign {
	t.Helper()
	c, err := OpenCampaign(filepath.Join(t.TempDir(), "results", "runs"), "register-stale")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keep writes a run and returns its directory.
func keep(t *testing.T, c *Campaign, r *Run) string {
	t.Helper()
	name, err := c.WriteRun(r)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(c.Dir(), name)
}

func TestRunIsReadBack(t *testing.T) {
	c := openCampaign(t)
	want := sampleRun(t, 7, 20)
	if want.Verdict.Validity != checker.Invalid {
		t.Fatalf("the sample is %v: %s", want.Verdict.Validity, want.Verdict.Reason)
	}
	dir := keep(t, c, want)
	if filepath.Base(dir) != "20261122T085241.005Z-7" {
		t.Errorf("the run is in %s", dir)
	}
	for _, name := range []string{
		"spec.json", "schedule.txt", "history.jsonl", "verdict.json", "track.json", "progress.json", "report.json", "nodes/n1.log", "nodes/n2.log",
		"latency.svg", "rate.svg", "index.html", picturePath(want.Verdict.Parts[0].Findings[0].On),
	} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	got, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got.Digest != want.History.Digest() || !got.Reports || got.ScheduleEdited {
		t.Errorf("digest %s, edited %v", got.Digest, got.ScheduleEdited)
	}
	if a, b := encode(t, got.Statistics), encode(t, want.Statistics); a != b {
		t.Errorf("statistics %s, want %s", a, b)
	}
	// What cannot be compared field by field was compared above or is not read back.
	got.Digest, got.Reports, got.Statistics, want.Statistics = "", false, stats.Statistics{}, stats.Statistics{}
	got.Spec, want.Spec = json.RawMessage(encode(t, got.Spec)), json.RawMessage(encode(t, want.Spec))
	want.Logs[1].Text = []byte{}
	want.History.Header.Version = history.Version
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read back\n%+v, want\n%+v", got, want)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A world that crashed has no history, no statistics and no track. It is kept all the same.
func TestEmptyRunIsKept(t *testing.T) {
	verdict := checker.Conclude(checker.Part{Name: "world", Validity: checker.Unknown, Reason: "the world hung"})
	dir := keep(t, openCampaign(t), &Run{Seed: 1, History: &history.Tape{}, Verdict: verdict, Report: report.Report{Logs: []report.NodeLog{{Node: "crash", Text: []byte("goroutine 1")}}}})
	r, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict.Reason != "the world hung" || string(r.Logs[0].Text) != "goroutine 1" {
		t.Errorf("%+v", r)
	}
}

// A history that breaks the rules cannot be plotted, and is what one wants to look at most.
func TestHistoryThatBreaksTheRulesIsKept(t *testing.T) {
	r := sampleRun(t, 7, 1)
	r.History = historytest.Tape(t, append(historytest.Events(t, r.History), history.Event{Process: 999, Type: history.OK, F: "read"})...)
	keep(t, openCampaign(t), r)
}

func TestDamagedRunIsRefused(t *testing.T) {
	replace := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
	}
	half := func(b []byte) []byte { return b[:len(b)/2] }
	for _, c := range []struct {
		name   string
		file   string
		damage func([]byte) []byte // nil removes the file
		errors []string
	}{
		{"no verdict", "verdict.json", nil, []string{"verdict.json is missing"}},
		{"no history", "history.jsonl", nil, []string{"history.jsonl is missing"}},
		{"no schedule", "schedule.txt", nil, []string{"schedule.txt is missing"}},
		{"no spec", "spec.json", nil, []string{"spec.json is missing"}},
		{"no track", "track.json", nil, []string{"track.json is missing"}},
		{"no log", "nodes/n1.log", nil, []string{"n1.log is missing"}},
		{"verdict cut off", "verdict.json", half, []string{"verdict.json:", "unexpected end of JSON input"}},
		{"verdict of another kind", "verdict.json", replace(`"seed": 7`, `"seed": "x"`), []string{"verdict.json:3: "}},
		{"verdict that there is not", "verdict.json", replace(`"invalid"`, `"maybe"`), []string{"verdict.json:", `verdict "maybe"`}},
		{"later format", "verdict.json", replace(`"faultline_run": 2`, `"faultline_run": 3`), []string{"verdict.json:1: run format 3"}},
		{"spec is no JSON", "spec.json", replace(`"register",`, `"register"`), []string{"spec.json:3: invalid character"}},
		{"history cut off", "history.jsonl", half, []string{"history.jsonl: line "}},
		{"history edited", "history.jsonl", replace(`"f":"read"`, `"f":"cas"`), []string{"history.jsonl: line ", "digest"}},
		{"another history", "verdict.json", func(b []byte) []byte {
			i := bytes.Index(b, []byte(`"digest": "`)) + len(`"digest": "`)
			b[i] ^= 1
			return b
		}, []string{"history.jsonl: its digest", "verdict.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := keep(t, openCampaign(t), sampleRun(t, 7, 20))
			path := filepath.Join(dir, c.file)
			if c.damage == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, c.damage(b), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := ReadRun(dir)
			if err == nil {
				t.Fatal("the run was read")
			}
			if c.damage == nil && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%v is not ErrNotExist", err)
			}
			for _, part := range append(c.errors, dir) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

func TestEditedScheduleIsNoticed(t *testing.T) {
	dir := keep(t, openCampaign(t), sampleRun(t, 7, 20))
	if err := os.WriteFile(filepath.Join(dir, "schedule.txt"), []byte("1s crash n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !r.ScheduleEdited || r.Schedule != "1s crash n1\n" {
		t.Errorf("edited %v, schedule %q", r.ScheduleEdited, r.Schedule)
	}
}

// Runs of one seed that begin at the same time, written at once, do not get in each other's way.
func TestRunsAreWrittenConcurrently(t *testing.T) {
	c := openCampaign(t)
	const runs = 6
	names := make([]string, runs)
	var all sync.WaitGroup
	for i := range runs {
		r := sampleRun(t, 7, 2)
		all.Go(func() {
			var err error
			if names[i], err = c.WriteRun(r); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			t.Errorf("two runs are in %s", name)
		}
		seen[name] = true
		if _, err := ReadRun(filepath.Join(c.Dir(), name)); err != nil {
			t.Error(err)
		}
	}
	entries, err := os.ReadDir(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != runs+1 { // and latest
		t.Errorf("%d entries for %d runs: %v", len(entries), runs, entries)
	}
}

func TestLatestPointsToTheLastRun(t *testing.T) {
	c := openCampaign(t)
	for seed := range uint64(3) {
		r := sampleRun(t, seed, 1)
		r.Started = r.Started.Add(time.Duration(seed) * time.Second)
		dir := keep(t, c, r)
		target, err := os.Readlink(filepath.Join(c.Dir(), "latest"))
		if err != nil || target != filepath.Base(dir) {
			t.Errorf("latest points to %s, not to %s: %v", target, dir, err)
		}
	}
	if r, err := ReadRun(filepath.Join(filepath.Dir(c.Dir()), "latest", "latest")); err != nil || r.Seed != 2 {
		t.Errorf("the latest run of the latest campaign is %+v: %v", r, err)
	}
}
