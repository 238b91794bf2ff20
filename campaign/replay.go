package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"faultline/checker"
	"faultline/history"
	"faultline/nemesis"
	"faultline/results"
	"faultline/world"
)

// Replayed is a stored run that was run again.
type Replayed struct {
	Stored, Fresh             string // digests
	Edited                    bool   // the schedule is not the one that was stored
	Same                      bool   // the digests are equal
	StoredHeader, FreshHeader history.Header
	StoredVerdict, Verdict    checker.Verdict
	Dir                       string // where the fresh run is, if it differs from the stored one
}

// Why says what may have made a replay differ.
func (r *Replayed) Why() string {
	then, now := r.StoredHeader, r.FreshHeader
	switch {
	case then.Replay == world.ReplayBestEffort || now.Replay == world.ReplayBestEffort:
		return "one of the two worlds was not pinned, so replay is best effort"
	case then.Build != now.Build:
		return fmt.Sprintf("the run was made by another build (%s; this is %s)", then.Build, now.Build)
	case then.Machine != now.Machine:
		return fmt.Sprintf("the run was made on another kind of machine (%s; this is %s)", then.Machine, now.Machine)
	default:
		return "the same build on the same kind of machine gave another history: that is a defect of faultline"
	}
}

// Answer is the verdict of the replay as a whole: a run that should have come out the same, did not, and
// is not known to be invalid, leaves the question open.
func (r *Replayed) Answer() checker.Validity {
	if !r.Same && !r.Edited && r.Verdict.Validity == checker.Valid {
		return checker.Unknown
	}
	return r.Verdict.Validity
}

// Replay runs a stored run again. A schedule from a file takes the place of the stored one; so does an
// edited schedule.txt. A run that comes out different is stored beside the old one.
func Replay(ctx context.Context, dir, scheduleFile string, o Options, check checker.Options) (*Replayed, error) {
	dir, err := filepath.EvalSymlinks(dir) // latest is a link
	if err != nil {
		return nil, fmt.Errorf("stored run: %w", err)
	}
	stored, err := results.ReadRun(dir)
	if err != nil {
		return nil, fmt.Errorf("stored run: %w", err)
	}
	in := world.Input{Schedule: stored.Schedule}
	if err := json.Unmarshal(stored.Spec, &in.Spec); err != nil {
		return nil, fmt.Errorf("stored run: %s: %w", filepath.Join(dir, "spec.json"), err)
	}
	if err := in.Spec.Validate(); err != nil {
		return nil, fmt.Errorf("stored run: %s: %w", filepath.Join(dir, "spec.json"), err)
	}
	edited := stored.ScheduleEdited
	if scheduleFile == "" {
		scheduleFile = filepath.Join(dir, "schedule.txt")
	}
	if in.Schedule, err = ReadSchedule(scheduleFile, in.Spec); err != nil {
		return nil, err
	}
	edited = edited || in.Schedule != stored.Schedule
	run, err := execute(ctx, in, o, check)
	if err != nil {
		return nil, err
	}
	r := &Replayed{Stored: stored.Digest, Fresh: run.History.Digest(), Edited: edited,
		StoredHeader: stored.History.Header, FreshHeader: run.History.Header,
		StoredVerdict: stored.Verdict, Verdict: run.Verdict}
	if r.Same = r.Stored == r.Fresh; r.Same {
		return r, nil
	}
	beside, err := results.OpenCampaign(filepath.Split(filepath.Dir(dir)))
	if err != nil {
		return nil, err
	}
	name, err := beside.WriteRun(&run.Run)
	if err != nil {
		return nil, err
	}
	r.Dir = filepath.Join(beside.Dir(), name)
	return r, nil
}

// ReadSchedule reads a schedule and checks it against a spec. Errors name file, line and column.
func ReadSchedule(path string, s world.Spec) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	schedule, err := nemesis.Parse(string(b))
	if err == nil {
		err = schedule.Check(s.NodeNames())
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return string(b), nil
}
