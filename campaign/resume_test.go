package campaign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faultline/campaign/internal/trialtest"
)

// A run is stored before its line is written, so a kill between the two leaves a run without a line. It is
// run again, and the orphan is removed first; nothing else in the directory is touched.
func TestOrphansAreRemoved(t *testing.T) {
	c := create(t, quickPlan(2), Options{})
	run(t, c)
	dirs := map[string]bool{ // whether it stays
		"20261122T085241.005Z-2":   false, // seed 2 has no line below
		"20261122T085241.005Z-2_2": true,  // no name that a campaign's run has at first; it may be a replay
		"20261122T085241.005Z-1":   true,  // seed 1 has its line: a replay that came out different
		"20261122T085241.005Z-99":  true,  // not of this plan
		"notes-2":                  true,
		".partial-123":             false, // half written
	}
	for name := range dirs {
		if err := os.Mkdir(filepath.Join(c.Dir(), name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	record := trialtest.Read(t, c.dir.RecordPath())
	if i := strings.Index(record, `{"seed":2,`); i == 0 {
		record = record[strings.Index(record, "\n")+1:]
	} else {
		record = record[:i]
	}
	trialtest.Write(t, c.dir.RecordPath(), record)

	again := resume(t, c)
	for name, stays := range dirs {
		if _, err := os.Stat(filepath.Join(c.Dir(), name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
	run(t, again)
	if got := lines(t, c); len(got) != 2 {
		t.Errorf("%d lines", len(got))
	}
}

// A campaign whose files do not fit together is not gone on with: the error names the file.
func TestCampaignsThatCannotBeResumed(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	tests := []struct {
		name, file string
		damage     func(string) string
		want       string
	}{
		{"the plan is not JSON", "campaign.json", replace(`"seed": 1,`, `"seed": 1`), "campaign.json:4: "},
		{"the plan is of another kind", "campaign.json", replace(`"test_count": 2`, `"test_count": "two"`), "campaign.json: test_count: string where a whole number is needed"},
		{"the plan has a mistake", "campaign.json", replace(`"fail_fast"`, `"failfast"`), `campaign.json: unknown field "failfast"; did you mean fail_fast?`},
		{"the spec has a mistake", "campaign.json", replace(`"mode"`, `"moed"`), `campaign.json: unknown field "moed"; did you mean mode?`},
		{"the plan is impossible", "campaign.json", replace(`"readindex"`, `"raedindex"`), `campaign.json: unknown read level "raedindex"; did you mean readindex?`},
		{"a line is damaged", "campaign.jsonl", replace(`"verdict"`, `verdict`), "campaign.jsonl:1: the line is damaged: "},
		{"a line is of no seed of the plan", "campaign.jsonl", replace(`{"seed":1,`, `{"seed":3,`), "campaign.jsonl:1: seed 3 is not one of the plan's, 1 to 2"},
	}
	c := create(t, quickPlan(2), Options{})
	c.journal.close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			trialtest.Write(t, c.dir.RecordPath(), `{"seed":1,"verdict":"valid"}`+"\n")
			path := filepath.Join(c.Dir(), tt.file)
			good := trialtest.Read(t, path)
			defer trialtest.Write(t, path, good)
			damaged := tt.damage(good)
			if damaged == good {
				t.Fatalf("nothing was damaged in %s", good)
			}
			trialtest.Write(t, path, damaged)
			_, err := Resume(filepath.Dir(c.Dir()), "test", Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if trialtest.Read(t, path) != damaged {
				t.Error("the file was changed")
			}
		})
	}
	resume(t, c) // what refused it has let go of it
}

// A campaign that was never begun cannot be resumed, and asking for it leaves nothing behind.
func TestNothingToResume(t *testing.T) {
	root := t.TempDir()
	_, err := Resume(root, "nothing", Options{})
	if want := "there is no campaign to resume at " + filepath.Join(root, "nothing"); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(root); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
