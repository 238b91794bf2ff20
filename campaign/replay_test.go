package campaign

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/cluster/raftkv"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// stored runs a campaign of one seed and returns the run's directory.
func stored(t *testing.T, p Plan, o Options) string {
	t.Helper()
	c := create(t, p, o)
	run(t, c)
	return filepath.Join(c.Dir(), "latest")
}

func replay(t *testing.T, dir, scheduleFile string) *Replayed {
	t.Helper()
	s, err := OpenRun(dir, scheduleFile)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Command: func(_ world.Spec, file string) string { return "with schedule " + file }}
	r, err := s.Replay(context.Background(), o, checker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A stored run comes out the same, to the last byte, and nothing is stored of that.
func TestReplayIsTheSame(t *testing.T) {
	for name, plan := range map[string]Plan{"valid": quickPlan(1), "invalid": invalidPlan(1)} {
		t.Run(name, func(t *testing.T) {
			dir := stored(t, plan, Options{})
			r := replay(t, dir, "")
			if !r.Same || len(r.Edited) > 0 || r.Why != "" || r.Dir != "" || r.Crashed {
				t.Errorf("%+v", r)
			}
			if got := r.Answer().String(); got != name || r.StoredVerdict.Validity != r.Verdict.Validity {
				t.Errorf("it is %s, and was %v", got, r.StoredVerdict.Validity)
			}
			if runs, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*Z-1*")); len(runs) != 1 {
				t.Errorf("stored: %v", runs)
			}
		})
	}
}

// An edited schedule.txt is run in place of the stored one, and so is a schedule from a file. What comes of it
// is another run, stored beside the old one with the command that repeats it, and not a failed replay.
func TestReplayOfAnEditedSchedule(t *testing.T) {
	const edited = "1.5s crash n2 # in place of partitions\n2.5s restart n2\n"
	elsewhere := filepath.Join(t.TempDir(), "faults.txt")
	write(t, elsewhere, edited)
	for _, inPlace := range []bool{true, false} {
		dir := stored(t, quickPlan(1), Options{})
		file := elsewhere
		if inPlace {
			file = ""
			write(t, filepath.Join(dir, "schedule.txt"), edited)
		}
		r := replay(t, dir, file)
		if r.Same || !slices.Equal(r.Edited, []string{"schedule"}) || r.Why != "" || r.Answer() != checker.Valid {
			t.Fatalf("%+v", r)
		}
		fresh, err := results.ReadRun(r.Dir)
		if err != nil {
			t.Fatal(err)
		}
		faults := history.Faults(fresh.History.Events)
		if fresh.Schedule != edited || len(faults) != 1 || faults[0].Kind != "crash" || faults[0].Subject != "n2" {
			t.Errorf("ran %+v by the schedule\n%s", faults, fresh.Schedule)
		}
		if filepath.Dir(r.Dir) != filepath.Dir(resolve(t, dir)) {
			t.Errorf("%s is not beside %s", r.Dir, dir)
		}
		if page := read(t, filepath.Join(r.Dir, "index.html")); !strings.Contains(page, "with schedule "+filepath.Dir(r.Dir)) && inPlace {
			t.Error("the page does not say with which schedule it was run")
		}
		if again := replay(t, r.Dir, ""); !again.Same || len(again.Edited) > 0 {
			t.Errorf("the edited run again: %+v", again)
		}
	}
}

func resolve(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A schedule in which only a comment was changed is another text and the same run.
func TestReplayOfACommentedSchedule(t *testing.T) {
	dir := stored(t, quickPlan(1), Options{})
	schedule := filepath.Join(dir, "schedule.txt")
	write(t, schedule, "# the first partition is the one to look at\n"+read(t, schedule))
	if r := replay(t, dir, ""); !r.Same || !slices.Equal(r.Edited, []string{"schedule"}) {
		t.Errorf("%+v", r)
	}
}

// A spec that was edited is no reason to suspect faultline.
func TestReplayOfAnEditedSpec(t *testing.T) {
	dir := stored(t, quickPlan(1), Options{})
	spec := filepath.Join(dir, "spec.json")
	write(t, spec, strings.Replace(read(t, spec), `"rate": 200`, `"rate": 100`, 1))
	if r := replay(t, dir, ""); r.Same || !slices.Equal(r.Edited, []string{"spec"}) || r.Why != "" {
		t.Errorf("%+v", r)
	}
}

// The path to a run may be relative, and short.
func TestReplayFromWithinTheCampaign(t *testing.T) {
	dir := stored(t, quickPlan(1), Options{})
	t.Chdir(filepath.Dir(dir))
	write(t, "latest/schedule.txt", "1.5s crash n2\n")
	if r := replay(t, "latest", ""); r.Same || filepath.Dir(r.Dir) != "." {
		t.Errorf("%+v", r)
	}
}

// Whoever replays a crash learns that it crashed again, and not that nothing equals nothing.
func TestReplayOfACrash(t *testing.T) {
	p := quickPlan(1)
	config := raftkv.Config{}.WithDefaults()
	config.Raft.CommitTimeout = 1 // which raft refuses
	p.Spec.Config = &config
	r := replay(t, stored(t, p, Options{}), "")
	if !r.Crashed || r.Answer() != checker.Unknown || !strings.Contains(r.Verdict.Reason, "start the cluster") {
		t.Errorf("%+v", r)
	}
}

// A stored run that is damaged is refused before anything is run, and the error names the file.
func TestDamagedRuns(t *testing.T) {
	dir := stored(t, quickPlan(1), Options{})
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	tests := []struct {
		file   string
		damage func(string) string // nil to remove it
		want   string
	}{
		{"verdict.json", nil, "verdict.json is missing"},
		{"history.jsonl", nil, "history.jsonl is missing"},
		{"spec.json", nil, "spec.json is missing"},
		{"schedule.txt", nil, "schedule.txt is missing"},
		{"history.jsonl", func(s string) string { return s[:len(s)/2] }, "history.jsonl: line "},
		{"history.jsonl", replace(`"ok"`, `"fail"`), "history.jsonl: line "},
		{"verdict.json", func(s string) string { return s[:100] }, "verdict.json:"},
		{"spec.json", replace(`"register"`, `"regsiter"`), `spec.json: unknown workload "regsiter"; did you mean register?`},
		{"spec.json", replace(`"seed": 1`, `"seed": "one"`), "spec.json: json: cannot unmarshal"},
		{"schedule.txt", replace("partition", "partitoin"), "schedule.txt: line 1, column "},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.want, func(t *testing.T) {
			path := filepath.Join(dir, tt.file)
			good := read(t, path)
			defer write(t, path, good)
			if tt.damage == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else {
				write(t, path, tt.damage(good))
			}
			_, err := OpenRun(dir, "")
			if err == nil || !strings.Contains(err.Error(), resolve(t, dir)+"/"+tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	if _, err := OpenRun(dir+"/none", ""); err == nil || err.Error() != "there is no stored run at "+dir+"/none" {
		t.Errorf("got %v", err)
	}
}

// A replay that differs says what may be the reason. If it should not have differed, a run that is valid this
// time leaves the question open.
func TestReplaysThatDiffer(t *testing.T) {
	exact := history.Header{Build: "a", Machine: "linux/amd64", Replay: world.ReplayExact}
	with := func(change func(*history.Header)) history.Header {
		h := exact
		change(&h)
		return h
	}
	tests := []struct {
		now  history.Header
		want string
	}{
		{exact, "the same build on the same kind of machine gave another history: that is a defect of faultline"},
		{with(func(h *history.Header) { h.Build = "b" }), "the run was made by another build (a; this is b)"},
		{with(func(h *history.Header) { h.Machine = "linux/arm64" }), "the run was made on another kind of machine (linux/amd64; this is linux/arm64)"},
		{with(func(h *history.Header) { h.Replay = world.ReplayBestEffort }), "one of the two worlds was not pinned or ran in real time, so this replay is best effort"},
		{with(func(h *history.Header) { h.Replay = "" }), "one of the two worlds crashed"},
	}
	for _, tt := range tests {
		if got := why(&history.History{Header: exact}, &history.History{Header: tt.now}); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
	answers := []struct {
		r    Replayed
		want checker.Validity
	}{
		{Replayed{Same: true, Verdict: checker.Verdict{Validity: checker.Valid}}, checker.Valid},
		{Replayed{Why: "?", Verdict: checker.Verdict{Validity: checker.Valid}}, checker.Unknown},
		{Replayed{Why: "?", Verdict: checker.Verdict{Validity: checker.Invalid}}, checker.Invalid},
		{Replayed{Edited: []string{"schedule"}, Verdict: checker.Verdict{Validity: checker.Valid}}, checker.Valid},
	}
	for _, tt := range answers {
		if got := tt.r.Answer(); got != tt.want {
			t.Errorf("%+v is %v, not %v", tt.r, got, tt.want)
		}
	}
}

// For programs a replay is an object whose fields have names as in all other files.
func TestReplayedAsJSON(t *testing.T) {
	b, err := json.Marshal(replay(t, stored(t, quickPlan(1), Options{}), ""))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"stored_digest", "digest", "same", "edited", "why", "stored_verdict", "verdict", "dir"} {
		if _, ok := got[name]; !ok {
			t.Errorf("there is no %s in %s", name, b)
		}
	}
}
