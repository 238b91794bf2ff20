package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"

	"faultline/checker"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// Stored is a stored run that can be run again.
type Stored struct {
	dir      string
	run      *results.Run
	in       world.Input
	schedule string   // the file it was read from, if it is not the schedule that is drawn
	edited   []string // what is not as it was stored
}

// OpenRun reads a stored run. A schedule from a file takes the place of the stored one; so does an edited
// schedule.txt.
func OpenRun(dir, scheduleFile string) (*Stored, error) {
	resolved, err := filepath.EvalSymlinks(dir) // latest is a link
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no stored run at %s", dir)
	case err != nil:
		return nil, fmt.Errorf("stored run: %w", err)
	}
	s := &Stored{dir: resolved, edited: []string{}}
	if s.run, err = results.ReadRun(resolved); err != nil {
		return nil, err
	}
	spec := filepath.Join(resolved, "spec.json")
	if err := json.Unmarshal(s.run.Spec, &s.in.Spec); err != nil {
		return nil, fmt.Errorf("%s: %w", spec, err)
	}
	if err := s.in.Spec.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", spec, err)
	}
	if scheduleFile == "" {
		scheduleFile = filepath.Join(resolved, "schedule.txt")
	}
	if s.in.Schedule, err = ReadSchedule(scheduleFile, s.in.Spec); err != nil {
		return nil, err
	}
	if drawn, err := s.in.Spec.Schedule(); err != nil || drawn.String() != s.in.Schedule {
		s.schedule = scheduleFile
	}
	s.compare()
	return s, nil
}

// compare finds out what was edited.
func (s *Stored) compare() {
	var then world.Spec
	if json.Unmarshal(s.run.History.Header.Spec, &then) != nil || !reflect.DeepEqual(then, s.in.Spec) {
		s.edited = append(s.edited, "spec")
	}
	if s.run.ScheduleEdited || s.in.Schedule != s.run.Schedule {
		s.edited = append(s.edited, "schedule")
	}
}

// Replayed is what came of a stored run that was run again.
type Replayed struct {
	StoredDigest  string          `json:"stored_digest"`
	Digest        string          `json:"digest"`
	Same          bool            `json:"same"` // the digests are equal
	Edited        []string        `json:"edited"`
	Why           string          `json:"why"` // it differs; empty if it does not, or was edited
	StoredVerdict checker.Verdict `json:"stored_verdict"`
	Verdict       checker.Verdict `json:"verdict"`
	Crashed       bool            `json:"crashed"` // then and now, so that there is no history to compare
	Dir           string          `json:"dir"`     // where the fresh run is, if it is not the same
	Traced        *Traced         `json:"traced,omitempty"`
}

// Traced is what was recorded of the messages of a run that was run again with its trace.
type Traced struct {
	Dir      string `json:"dir"` // where they are stored
	Messages int    `json:"messages"`
	Missed   int64  `json:"missed"` // writes to the network that there was no room for
}

// Answer is the verdict of the replay as a whole: a run that should have come out the same, did not, and
// is not known to be invalid, leaves the question open.
func (r *Replayed) Answer() checker.Validity {
	if r.Why != "" && r.Verdict.Validity == checker.Valid {
		return checker.Unknown
	}
	return r.Verdict.Validity
}

// Replay runs the run again. If it comes out different it is stored beside the old one; if it does not and was traced,
// the messages are added to the stored run. If only that fails, there is an answer beside the error.
func (s *Stored) Replay(ctx context.Context, o Options, check checker.Options) (*Replayed, error) {
	run, err := execute(ctx, s.in, s.schedule, o, check)
	if err != nil {
		return nil, err
	}
	then, now := s.run.History, run.History
	r := &Replayed{StoredDigest: s.run.Digest, Digest: now.Digest(), Edited: s.edited,
		StoredVerdict: s.run.Verdict, Verdict: run.Verdict, Crashed: crashed(then) && crashed(now)}
	dir := s.dir
	if r.Same = r.StoredDigest == r.Digest; r.Same {
		err = s.addTrace(run)
	} else {
		if len(s.edited) == 0 {
			r.Why = why(then, now)
		}
		r.Dir, err = s.storeBeside(run)
		dir = r.Dir
	}
	if err == nil && run.Messages != nil {
		r.Traced = &Traced{Dir: dir, Messages: len(run.Messages), Missed: run.Untraced}
	}
	return r, err
}

// addTrace stores the messages of the same run, if they were recorded.
func (s *Stored) addTrace(run *judged) error {
	if run.Messages == nil {
		return nil
	}
	return results.WriteMessages(s.dir, run.Messages)
}

// campaign opens the directory of the campaign that the run is in.
func (s *Stored) campaign() (*results.Campaign, error) {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return nil, err
	}
	return results.OpenCampaign(filepath.Split(filepath.Dir(dir)))
}

func (s *Stored) storeBeside(run *judged) (string, error) {
	beside, err := s.campaign()
	if err != nil {
		return "", err
	}
	name, err := beside.WriteRun(&run.Run)
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(s.dir), name), nil
}

// crashed is true of what is stored of a world that crashed: it never came to say how it can be repeated.
func crashed(h *history.History) bool { return h.Header.Replay == "" }

// why says what may have made a replay differ.
func why(then, now *history.History) string {
	a, b := then.Header, now.Header
	effort := a.Replay + b.Replay
	switch {
	case crashed(then) || crashed(now):
		return "one of the two worlds crashed"
	case a.Build != b.Build:
		return fmt.Sprintf("the run was made by another build (%s; this is %s)", a.Build, b.Build)
	case a.Machine != b.Machine:
		return fmt.Sprintf("the run was made on another kind of machine (%s; this is %s)", a.Machine, b.Machine)
	case strings.Contains(effort, world.ReplayBestEffort):
		return "one of the two worlds was not pinned or ran in real time, so this replay is best effort"
	default:
		return "the same build on the same kind of machine gave another history: that is a defect of faultline"
	}
}
