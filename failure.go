package faultline

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"faultline/campaign/replay"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/internal/gotest"
	"faultline/results"
)

// fail keeps a run that is not valid, and reports it.
func fail(t *testing.T, run *trial.Trial, o *options) {
	t.Helper()
	run.Run.Replay = gotest.Again(t.Name(), run.Seed)
	dir, err := keep(t.Name(), run, o)
	if err != nil {
		t.Errorf("faultline: seed %d is %v: %s\nThe run could not be kept: %v", run.Seed, run.Verdict.Validity, run.Verdict.Reason, err)
		return
	}
	t.Error(report(run.Seed, run.Verdict) + commands(t.Name(), run.Seed, dir))
}

// keep stores a run and returns its directory.
func keep(test string, run *trial.Trial, o *options) (string, error) {
	c, err := results.OpenCampaign(o.results, unfit.ReplaceAllString(test, "_"))
	if err != nil {
		return "", err
	}
	name, err := c.WriteRun(&run.Run)
	if err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(c.Dir(), name))
}

// unfit is what cannot stand in the name of a campaign.
var unfit = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// report says what is wrong with a run and what led to it, and shows the operations.
func report(seed uint64, v checker.Verdict) string {
	text := fmt.Sprintf("faultline: seed %d is %v: %s\n", seed, v.Validity, v.Reason)
	shown := v.Shown()
	if !strings.Contains(v.Reason, shown.Sentence) {
		text += "        " + shown.Sentence + "\n"
	}
	if shown.Cause != "" {
		text += "cause   " + shown.Cause + "\n"
	}
	if shown.Picture != "" {
		text += "\n    " + strings.ReplaceAll(strings.TrimSpace(shown.Picture), "\n", "\n    ") + "\n"
	}
	return text
}

// commands tell how to run a run again, and how to look at it.
func commands(test string, seed uint64, dir string) string {
	return fmt.Sprintf("\nagain   %s\nreplay  FAULTLINE_REPLAY=%s %s\nopen    %s/index.html\n", gotest.Again(test, seed), dir, gotest.Command(test), dir)
}

// replayStored runs the stored run of a name again and reports what came of it.
func replayStored(t *testing.T, s Spec, name string, o *options) {
	t.Helper()
	dir, err := results.FindRun(o.results, name)
	var stored *replay.Run
	if err == nil {
		stored, err = replay.Open(dir, "")
	}
	if err != nil {
		t.Fatalf("faultline: FAULTLINE_REPLAY: %v", err)
	}
	if is := stored.Input.Spec; is.System != s.System || is.Workload != s.Workload {
		t.Skipf("FAULTLINE_REPLAY is a run of another test, of the system %s by the workload %s", is.System, is.Workload)
	}
	r, err := stored.Replay(t.Context(), o.pool().Runner, replay.Options{Trace: o.trace})
	switch {
	case err != nil:
		t.Fatalf("faultline: replay %s: %v", dir, err)
	case r.Same:
		t.Logf("faultline: the replay is the same as %s, to the last byte", dir)
	case r.Why != "":
		t.Errorf("faultline: the replay differs from %s: %s", dir, r.Why)
	}
	if r.Verdict.Validity != checker.Valid {
		t.Error(report(stored.Stored.Seed, r.Verdict))
	}
}
