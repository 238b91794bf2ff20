// Package replay runs stored runs again.
//
// It tells whether a run came out the same to the last byte, and if not, what the reason may be. It never changes a stored
// run, except to add messages to it. The caller must have called world.Child in main.
package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// Run is a stored run that can be run again.
type Run struct {
	Dir          string
	Stored       *results.Run
	Input        world.Input
	ScheduleFile string   // the file it was read from, if it is not the schedule that is drawn
	Edited       []string // what is not as it was stored
}

// Open reads a stored run. A schedule from a file takes the place of the stored one; so does an edited
// schedule.txt.
func Open(dir, scheduleFile string) (*Run, error) {
	if err := results.CheckRun(dir); err != nil {
		return nil, err
	}
	resolved, err := filepath.EvalSymlinks(dir) // latest is a link
	if err != nil {
		return nil, fmt.Errorf("stored run: %w", err)
	}
	s := &Run{Dir: resolved, Edited: []string{}}
	if s.Stored, err = results.ReadRun(resolved); err != nil {
		return nil, err
	}
	spec := filepath.Join(resolved, "spec.json")
	if err := json.Unmarshal(s.Stored.Spec, &s.Input.Spec); err != nil {
		return nil, fmt.Errorf("%s: %w", spec, err)
	}
	if err := s.Input.Spec.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", spec, err)
	}
	if scheduleFile == "" {
		scheduleFile = filepath.Join(resolved, "schedule.txt")
	}
	if s.Input.Schedule, err = trial.ReadSchedule(scheduleFile, s.Input.Spec); err != nil {
		return nil, err
	}
	if drawn, err := s.Input.Spec.Schedule(); err != nil || drawn.String() != s.Input.Schedule {
		s.ScheduleFile = scheduleFile
	}
	s.compare()
	return s, nil
}

// compare finds out what was edited.
func (s *Run) compare() {
	var then world.Spec
	if json.Unmarshal(s.Stored.History.Header.Spec, &then) != nil || !reflect.DeepEqual(then, s.Input.Spec) {
		s.Edited = append(s.Edited, "spec")
	}
	if s.Stored.ScheduleEdited || s.Input.Schedule != s.Stored.Schedule {
		s.Edited = append(s.Edited, "schedule")
	}
}

// Result is what came of a stored run that was run again.
type Result struct {
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
func (r *Result) Answer() checker.Validity {
	if r.Why != "" && r.Verdict.Validity == checker.Valid {
		return checker.Unknown
	}
	return r.Verdict.Validity
}

// Options say how a run is replayed.
type Options struct {
	// Command returns the command line that repeats a run, given the file of its schedule if that is not the one that is
	// drawn from the spec. It may be nil.
	Command func(spec world.Spec, scheduleFile string) string
	Trace   bool // have the messages stored
}

// Replay runs the run again. A run that comes out different is stored next to the old one. If it comes out the same and was
// traced, the messages are added to the stored run; if only that fails, both the result and the error are returned.
func (s *Run) Replay(ctx context.Context, runner trial.Runner, o Options) (*Result, error) {
	in := s.Input
	in.Trace = o.Trace
	run, err := runner.Run(ctx, in)
	if err != nil {
		return nil, err
	}
	if o.Command != nil {
		run.Run.Replay = o.Command(in.Spec, s.ScheduleFile)
	}
	then, now := s.Stored.History, run.History
	r := &Result{StoredDigest: s.Stored.Digest, Digest: run.HistoryDigest(), Edited: s.Edited,
		StoredVerdict: s.Stored.Verdict, Verdict: run.Verdict, Crashed: crashed(then) && crashed(now)}
	dir := s.Dir
	if r.Same = r.StoredDigest == r.Digest; r.Same {
		err = s.addTrace(run)
	} else {
		if len(s.Edited) == 0 {
			r.Why = s.why(then, now)
		}
		r.Dir, err = s.storeAgain(run)
		dir = r.Dir
	}
	if err == nil && run.Messages != nil {
		r.Traced = &Traced{Dir: dir, Messages: len(run.Messages), Missed: run.Untraced}
	}
	return r, err
}

// why says what may have made this run differ, with what its programs were built from if they were built.
func (s *Run) why(then, now *history.Tape) string {
	var stored world.Spec
	if then.Header.Build == now.Header.Build || json.Unmarshal(s.Stored.Spec, &stored) != nil {
		return Why(then, now)
	}
	if differences := s.Input.Spec.Differs(stored); len(differences) > 0 {
		return "the programs of the run were built otherwise: " + strings.Join(differences, "; ")
	}
	return Why(then, now)
}

// addTrace stores the messages of the same run, if they were recorded.
func (s *Run) addTrace(run *trial.Trial) error {
	if run.Messages == nil {
		return nil
	}
	return results.WriteMessages(s.Dir, run.Messages)
}

// Campaign opens the directory of the campaign that the run is in.
func (s *Run) Campaign() (*results.Campaign, error) {
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return nil, err
	}
	return results.OpenCampaign(filepath.Split(filepath.Dir(dir)))
}

// storeAgain stores the run next to the old one.
func (s *Run) storeAgain(run *trial.Trial) (string, error) {
	c, err := s.Campaign()
	if err != nil {
		return "", err
	}
	name, err := c.WriteRun(&run.Run)
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(s.Dir), name), nil
}

// crashed is true of what is stored of a world that crashed: it never came to say how it can be repeated.
func crashed(h *history.Tape) bool { return h.Header.Replay == "" }

// Why says what may have made a replay differ.
func Why(then, now *history.Tape) string {
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
		return "one of the two worlds was not pinned, ran in real time or under the race detector, so this replay is best effort"
	default:
		return "the same build on the same kind of machine gave another history: that is a defect of faultline"
	}
}
