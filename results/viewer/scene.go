package viewer

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/results"
	"faultline/results/cycle"
)

// Scene is all that was recorded of a run, ready to be drawn.
type Scene struct {
	stored     *results.RunInfo
	header     history.Header
	operations *operations
	recording  *recording
	faults     []history.Fault
	nemesis    []nemesisEvent
	end        time.Duration // of the last event
}

// nemesisEvent is one event of the nemesis.
type nemesisEvent struct {
	Time    float64 `json:"time"`
	F       string  `json:"f"`
	Subject string  `json:"subject"`
	Value   string  `json:"value"`
	Error   string  `json:"error"`
}

// ReadScene reads the run in a file system's root. It refuses one that is damaged, or whose history is not the one that the verdict
// is about; the error names the file.
func ReadScene(fsys fs.FS) (*Scene, error) {
	stored, err := results.Inspect(fsys)
	if err != nil {
		return nil, err
	}
	s := &Scene{stored: stored}
	if s.recording, err = readRecording(fsys, stored.Logs); err != nil {
		return nil, err
	}
	if err := s.readHistory(fsys); err != nil {
		return nil, err
	}
	return s, nil
}

// Operations is how many operations there are.
func (s *Scene) Operations() int { return len(s.operations.invoke) }

func (s *Scene) readHistory(fsys fs.FS) error {
	const name = "history.jsonl"
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	source, err := history.Open(f, name)
	if err != nil {
		return err
	}
	s.header = source.Header()
	s.operations = newOperations(newStringTable())
	var nemesis []history.Event
	in := history.NewStream(source)
	for position := 0; ; position++ {
		e, op, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		s.end = e.Time
		switch {
		case e.Process == history.Nemesis:
			nemesis = append(nemesis, *e)
		case op != nil:
			s.operations.completion(e, op, position)
		default:
			s.operations.invocation(e, position)
		}
	}
	s.readNemesis(nemesis)
	if sum := source.Digest(); sum != s.stored.Digest {
		return fmt.Errorf("%s: its digest %.12s… is not the %.12s… that verdict.json is about", name, sum, s.stored.Digest)
	}
	return nil
}

func (s *Scene) readNemesis(events []history.Event) {
	s.nemesis = []nemesisEvent{}
	for _, e := range events {
		value, ok := e.Value.Text()
		if !ok {
			value = e.Value.String()
		}
		s.nemesis = append(s.nemesis, nemesisEvent{float64(e.Time), e.F, e.Key, value, e.Error})
	}
	s.faults = history.Faults(append(events, history.Event{Time: s.end})) // what nothing ended lasts until the end
}

// WriteTo writes the scene as a container.
func (s *Scene) WriteTo(w io.Writer) (int64, error) {
	c := &container{}
	s.operations.write(c)
	s.recording.write(c, s.operations.strings)
	s.operations.strings.write(c)
	c.meta = s.meta()
	return c.WriteTo(w)
}

// sceneMeta is the part of a scene that is not in columns.
type sceneMeta struct {
	Title      string          `json:"title"`
	Checked    bool            `json:"checked"` // it was recorded elsewhere: there is no run to repeat
	Untimed    bool            `json:"untimed"` // times are positions in the history
	Started    string          `json:"started"`
	Replay     string          `json:"replay"`
	Digest     string          `json:"digest"`
	Build      string          `json:"build"`
	Machine    string          `json:"machine"`
	Exact      string          `json:"exact"` // how well it can be repeated
	Spec       json.RawMessage `json:"spec"`
	Settings   [][2]string     `json:"settings"` // the spec's, each a name and a value for people
	End        float64         `json:"end"`
	Validity   string          `json:"validity"`
	Reason     string          `json:"reason"`
	Parts      []partMeta      `json:"parts"`
	Violations []violationMeta `json:"violations"`
	Nodes      []string        `json:"nodes"`
	TermWord   string          `json:"term_word"` // what the system calls a term
	Faults     []faultMeta     `json:"faults"`
	Nemesis    []nemesisEvent  `json:"nemesis"`
	Edited     bool            `json:"schedule_edited"`
}

type partMeta struct {
	Name     string `json:"name"`
	Validity string `json:"validity"`
	Reason   string `json:"reason"`
	Model    string `json:"model"`
	Stage    string `json:"stage"`
	Opinion  string `json:"opinion"` // of a second checker; empty if none was asked
}

type faultMeta struct {
	Kind    string  `json:"kind"`
	Subject string  `json:"subject"`
	Detail  string  `json:"detail"`
	Begin   float64 `json:"begin"`
	End     float64 `json:"end"`
}

func (s *Scene) meta() sceneMeta {
	m := sceneMeta{
		Title: s.stored.Title(), Checked: s.stored.File != "", Untimed: s.stored.Untimed, Started: s.started(), Replay: s.stored.Replay, Digest: s.stored.Digest,
		Build: s.header.Build, Machine: s.header.Machine, Exact: s.header.Replay, Spec: s.stored.Spec, Settings: [][2]string{}, End: float64(s.end),
		Validity: s.stored.Verdict.Validity.String(), Reason: s.stored.Verdict.Reason, Parts: []partMeta{}, Violations: s.violations(),
		Nodes: s.nodes(), TermWord: s.recording.termWord, Faults: []faultMeta{}, Nemesis: s.nemesis, Edited: s.stored.ScheduleEdited,
	}
	for _, setting := range results.Settings(s.stored.Spec) {
		m.Settings = append(m.Settings, [2]string{setting.Name, setting.Value})
	}
	for _, p := range s.stored.Verdict.Parts {
		part := partMeta{Name: p.Name, Validity: p.Validity.String(), Reason: p.Reason, Model: p.Model, Stage: p.Stage}
		if p.Opinion != nil {
			part.Opinion = p.Opinion.String()
		}
		m.Parts = append(m.Parts, part)
	}
	for _, f := range s.faults {
		m.Faults = append(m.Faults, faultMeta{f.Kind, f.Subject, f.Detail, float64(f.Begin), float64(f.End)})
	}
	return m
}

// started is when the run began; empty if that is not known.
func (s *Scene) started() string {
	if s.stored.Started.IsZero() {
		return ""
	}
	return s.stored.Started.UTC().Format(time.RFC3339)
}

// nodes are those that have a log, and others that the track tells of.
func (s *Scene) nodes() []string {
	names := []string{}
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, name := range s.stored.Logs {
		add(name)
	}
	for _, t := range s.recording.track {
		add(t.Node)
	}
	return names
}

// violationMeta is a finding.
type violationMeta struct {
	Part       string         `json:"part"`
	Ordered    bool           `json:"ordered"` // it is about an order of the operations, which a linearization would be
	Rule       string         `json:"rule"`    // with the anomaly
	Key        *string        `json:"key"`     // that it is about; null if it is about none
	On         string         `json:"on"`      // what it is about, if that is no key: a node
	Validity   string         `json:"validity"`
	Reason     string         `json:"reason"`
	Cause      string         `json:"cause"` // what in the system led to it; empty if that is not known
	Count      int            `json:"count"` // of the operations on the key
	At         float64        `json:"at"`    // when it came to light, where it has no operations
	Picture    string         `json:"picture"`
	Operations []involvedMeta `json:"operations"` // those that show it; empty if none were found
	Cycle      *cycle.Drawing `json:"cycle"`      // of its steps; null if it has none
}

type involvedMeta struct {
	Row      int    `json:"row"`
	Position int    `json:"position"` // in the finding, as the steps of a cycle have it
	Text     string `json:"text"`
	Pending  bool   `json:"pending"` // its return was left out: it fails even if it takes effect at any later time
}

func (s *Scene) violations() []violationMeta {
	all := []violationMeta{}
	for _, p := range s.stored.Verdict.Parts {
		for _, f := range p.Findings {
			all = append(all, s.violation(p, f))
		}
	}
	return all
}

func (s *Scene) violation(p checker.Part, f checker.Finding) violationMeta {
	_, _, ordered := results.Ordered(p, s.stored.Spec)
	v := violationMeta{Part: p.Name, Ordered: ordered, Rule: f.Kind(), On: f.On, Validity: f.Validity.String(), Reason: f.String(), Cause: f.Cause, Count: f.Total,
		At: float64(f.At), Picture: f.Picture, Operations: []involvedMeta{}}
	if p.Objects > 0 && (ordered || f.On != "") {
		v.Key, v.On = &f.On, ""
	}
	for i, involved := range f.Operations {
		if row, ok := s.operations.row(involved.Invoked); ok {
			text := strings.TrimSpace(involved.Name + " " + involved.Text)
			v.Operations = append(v.Operations, involvedMeta{row, i, text, involved.Returned < 0})
		}
	}
	if d, ok := cycle.Draw(&f); ok {
		v.Cycle = &d
	}
	return v
}
