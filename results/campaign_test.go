package results

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"faultline/checker"
	"faultline/cluster/report"
)

func TestCampaignSpec(t *testing.T) {
	c := openCampaign(t)
	if _, err := c.Spec(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a campaign without a spec: %v", err)
	}
	if err := c.WriteSpec(json.RawMessage(`{"seed":1,"count":20}`)); err != nil {
		t.Fatal(err)
	}
	spec, err := c.Spec()
	if err != nil || encode(t, spec) != `{"seed":1,"count":20}` {
		t.Errorf("%s, %v", spec, err)
	}
	path := filepath.Join(c.Dir(), "campaign.json")
	if err := os.WriteFile(path, []byte("{\n\"seed\":1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Spec(); err == nil || !strings.Contains(err.Error(), path+":3:") {
		t.Errorf("a damaged spec: %v", err)
	}
}

func TestCampaignNames(t *testing.T) {
	for _, name := range []string{"", "latest", "..", ".hidden", "a/b", "a b", "a\x00", "a=b"} {
		if _, err := OpenCampaign(t.TempDir(), name); err == nil || !strings.Contains(err.Error(), "campaign name") {
			t.Errorf("name %q: %v", name, err)
		}
	}
	if _, err := OpenCampaign(t.TempDir(), "register-v1.2_x"); err != nil {
		t.Error(err)
	}
}

func TestDirectoryThatCannotBeWritten(t *testing.T) {
	root := filepath.Join(t.TempDir(), "runs")
	if err := os.WriteFile(root, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := OpenCampaign(root, "x")
	if err == nil || !strings.Contains(err.Error(), root) || !strings.Contains(err.Error(), "a file is where a directory should be") {
		t.Errorf("a file in the way: %v", err)
	}
	for _, c := range []struct {
		err  error
		hint string
	}{
		{syscall.ENOSPC, "make room"},
		{syscall.EDQUOT, "make room"},
		{syscall.EACCES, "that you may write to"},
		{syscall.EROFS, "that you may write to"},
	} {
		err := hint(&fs.PathError{Op: "write", Path: "results/runs/x", Err: c.err})
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.hint) || !strings.Contains(err.Error(), "results/runs/x") {
			t.Errorf("%v", err)
		}
	}
}

func TestRemovePartial(t *testing.T) {
	c := openCampaign(t)
	dir := keep(t, c, sampleRun(t, 7, 1))
	s, err := stage(c.Dir()) // and then the process was killed
	if err != nil {
		t.Fatal(err)
	}
	if err := s.write("nodes/n1.log", text([]byte("half of it"))); err != nil {
		t.Fatal(err)
	}
	if err := c.RemovePartial(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", s.dir, err)
	}
	if _, err := ReadRun(dir); err != nil {
		t.Error(err)
	}
}

func TestSummaryPage(t *testing.T) {
	c := openCampaign(t)
	r := sampleRun(t, 7, 20)
	dir := filepath.Base(keep(t, c, r))
	s := &Summary{
		Title: "register-stale", Spec: []Setting{{"read level", "stale"}}, Planned: 4, Speed: 131.4,
		Statistics: r.Statistics, Counters: []report.Counter{{Name: "elections", Value: 12345}},
		Runs: []Row{
			{Seed: 6, Validity: checker.Unknown, Reason: "this tested nothing", Replay: "faultline run --seed 6"},
			{Seed: 7, Validity: checker.Invalid, Reason: r.Verdict.Reason, Operations: 1200, Faults: 4, Digest: "0123456789abcdef", Dir: dir, Replay: "faultline run --seed 7"},
			{Seed: 8, Validity: checker.Valid, Reason: "fine"},
		},
	}
	if err := c.WriteSummary(s); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(c.Dir(), "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for _, part := range []string{
		"<h1>register-stale</h1>", "1 of 3 runs found a violation. 1 are not finished.", "read level",
		`<a href="` + dir + `/index.html">7</a>`, "faultline run --seed 6", "12,345", "0123456789ab<", ">131<",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	if strings.Index(page, "faultline run --seed 7") > strings.Index(page, "faultline run --seed 6") {
		t.Error("a violation comes after what is merely unknown")
	}
}

func TestConclusions(t *testing.T) {
	row := func(v checker.Validity) Row { return Row{Validity: v} }
	for _, c := range []struct {
		runs    []Row
		planned int
		want    string
	}{
		{nil, 0, "No run has finished."},
		{nil, 3, "No run has finished. 3 are not finished."},
		{[]Row{row(checker.Valid), row(checker.Valid)}, 2, "2 runs found no violation."},
		{[]Row{row(checker.Valid), row(checker.Unknown)}, 2, "1 of 2 runs came to no verdict, which is not a pass."},
	} {
		v := summaryView{Summary: &Summary{Runs: c.runs, Planned: c.planned}}
		for _, r := range c.runs {
			if r.Validity == checker.Unknown {
				v.Unknown++
			}
		}
		if v.conclude(); v.Conclusion != c.want {
			t.Errorf("%q, want %q", v.Conclusion, c.want)
		}
	}
}
