package replay

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster/raftkv"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

func again(t *testing.T, dir, scheduleFile string) *Result {
	t.Helper()
	s, err := Open(dir, scheduleFile)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Command: func(_ world.Spec, file string) string { return "with schedule " + file }}
	r, err := s.Replay(context.Background(), trial.Local{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stored runs a spec and returns the run's directory.
func stored(t *testing.T, s world.Spec) string {
	t.Helper()
	return trialtest.Store(t, trialtest.Run(t, s, ""))
}

// A stored run comes out the same, to the last byte, and nothing is stored of that.
func TestReplayIsTheSame(t *testing.T) {
	for name, spec := range map[string]world.Spec{"valid": trialtest.Quick(), "invalid": trialtest.Stale()} {
		t.Run(name, func(t *testing.T) {
			dir := stored(t, spec)
			r := again(t, dir, "")
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
// is another run, stored next to the old one with the command that repeats it, and not a failed replay.
func TestReplayOfAnEditedSchedule(t *testing.T) {
	const edited = "1.5s crash n2 # in place of partitions\n2.5s restart n2\n"
	elsewhere := filepath.Join(t.TempDir(), "faults.txt")
	trialtest.Write(t, elsewhere, edited)
	for _, inPlace := range []bool{true, false} {
		dir := stored(t, trialtest.Quick())
		file := elsewhere
		if inPlace {
			file = ""
			trialtest.Write(t, filepath.Join(dir, "schedule.txt"), edited)
		}
		r := again(t, dir, file)
		if r.Same || !slices.Equal(r.Edited, []string{"schedule"}) || r.Why != "" || r.Answer() != checker.Valid {
			t.Fatalf("%+v", r)
		}
		fresh, err := results.ReadRun(r.Dir)
		if err != nil {
			t.Fatal(err)
		}
		faults := fresh.History.Faults()
		if fresh.Schedule != edited || len(faults) != 1 || faults[0].Kind != "crash" || faults[0].Subject != "n2" {
			t.Errorf("ran %+v by the schedule\n%s", faults, fresh.Schedule)
		}
		if filepath.Dir(r.Dir) != filepath.Dir(trialtest.Resolve(t, dir)) {
			t.Errorf("%s is not beside %s", r.Dir, dir)
		}
		if page := trialtest.Read(t, filepath.Join(r.Dir, "index.html")); !strings.Contains(page, "with schedule "+filepath.Dir(r.Dir)) && inPlace {
			t.Error("the page does not say with which schedule it was run")
		}
		if once := again(t, r.Dir, ""); !once.Same || len(once.Edited) > 0 {
			t.Errorf("the edited run again: %+v", once)
		}
	}
}

// A schedule in which only a comment was changed is another text and the same run.
func TestReplayOfACommentedSchedule(t *testing.T) {
	dir := stored(t, trialtest.Quick())
	schedule := filepath.Join(dir, "schedule.txt")
	trialtest.Write(t, schedule, "# the first partition is the one to look at\n"+trialtest.Read(t, schedule))
	if r := again(t, dir, ""); !r.Same || !slices.Equal(r.Edited, []string{"schedule"}) {
		t.Errorf("%+v", r)
	}
}

// A spec that was edited is no reason to suspect faultline.
func TestReplayOfAnEditedSpec(t *testing.T) {
	dir := stored(t, trialtest.Quick())
	spec := filepath.Join(dir, "spec.json")
	trialtest.Write(t, spec, strings.Replace(trialtest.Read(t, spec), `"rate": 200`, `"rate": 100`, 1))
	if r := again(t, dir, ""); r.Same || !slices.Equal(r.Edited, []string{"spec"}) || r.Why != "" {
		t.Errorf("%+v", r)
	}
}

// The path to a run may be relative, and short.
func TestReplayFromWithinTheCampaign(t *testing.T) {
	dir := stored(t, trialtest.Quick())
	t.Chdir(filepath.Dir(dir))
	trialtest.Write(t, "latest/schedule.txt", "1.5s crash n2\n")
	if r := again(t, "latest", ""); r.Same || filepath.Dir(r.Dir) != "." {
		t.Errorf("%+v", r)
	}
}

// Whoever replays a crash learns that it crashed again, and not that nothing equals nothing.
func TestReplayOfACrash(t *testing.T) {
	s := trialtest.Quick()
	config := raftkv.Config{}.WithDefaults()
	config.Raft.CommitTimeout = 1 // which raft refuses
	s.Config = &config
	r := again(t, stored(t, s), "")
	if !r.Crashed || r.Answer() != checker.Unknown || !strings.Contains(r.Verdict.Reason, "start the cluster") {
		t.Errorf("%+v", r)
	}
}

// A stored run that is damaged is refused before anything is run, and the error names the file.
func TestDamagedRuns(t *testing.T) {
	dir := stored(t, trialtest.Quick())
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
		{"spec.json", replace(`"seed": 1`, `"seed": "one"`), "spec.json: seed: string where a whole number that is not negative is needed"},
		{"schedule.txt", replace("partition", "partitoin"), "schedule.txt: line 1, column "},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.want, func(t *testing.T) {
			path := filepath.Join(dir, tt.file)
			good := trialtest.Read(t, path)
			defer trialtest.Write(t, path, good)
			if tt.damage == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else {
				trialtest.Write(t, path, tt.damage(good))
			}
			_, err := Open(dir, "")
			if err == nil || !strings.Contains(err.Error(), trialtest.Resolve(t, dir)+"/"+tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	if _, err := Open(dir+"/none", ""); err == nil || err.Error() != "there is no stored run at "+dir+"/none" {
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
		{with(func(h *history.Header) { h.Replay = world.ReplayBestEffort }), "one of the two worlds was not pinned, ran in real time or under the race detector, so this replay is best effort"},
		{with(func(h *history.Header) { h.Replay = "" }), "one of the two worlds crashed"},
	}
	for _, tt := range tests {
		if got := Why(&history.Tape{Header: exact}, &history.Tape{Header: tt.now}); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
	answers := []struct {
		r    Result
		want checker.Validity
	}{
		{Result{Same: true, Verdict: checker.Verdict{Validity: checker.Valid}}, checker.Valid},
		{Result{Why: "?", Verdict: checker.Verdict{Validity: checker.Valid}}, checker.Unknown},
		{Result{Why: "?", Verdict: checker.Verdict{Validity: checker.Invalid}}, checker.Invalid},
		{Result{Edited: []string{"schedule"}, Verdict: checker.Verdict{Validity: checker.Valid}}, checker.Valid},
	}
	for _, tt := range answers {
		if got := tt.r.Answer(); got != tt.want {
			t.Errorf("%+v is %v, not %v", tt.r, got, tt.want)
		}
	}
}

// For programs a replay is an object whose fields have names as in all other files.
func TestReplayedAsJSON(t *testing.T) {
	b, err := json.Marshal(again(t, stored(t, trialtest.Quick()), ""))
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
