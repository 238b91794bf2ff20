package serve

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
	"faultline/results"
)

// campaignEntry is what the record of a campaign holds, finished or not.
type campaignEntry struct {
	Path, Name string
	Changed    time.Time
	Damage     string         // which of its files cannot be read, and why; empty if all can
	Planned    int            // runs; 0 if that is not known
	Lines      []results.Line // by seed
	settings

	Valid, Invalid, Unknown int

	version string
}

// Verdict is that of all runs so far.
func (c *campaignEntry) Verdict() string {
	switch {
	case c.Invalid > 0:
		return checker.Invalid.String()
	case c.Unknown > 0 || len(c.Lines) == 0 || len(c.Lines) < c.Planned:
		return checker.Unknown.String()
	default:
		return checker.Valid.String()
	}
}

// Unfinished tells whether runs are still to come. Whether somebody makes them, its files do not tell.
func (c *campaignEntry) Unfinished() bool { return len(c.Lines) < c.Planned }

// campaign reads a campaign, or returns what was read before if the files are as they were.
func (c *catalog) campaign(p string) *campaignEntry {
	version := ""
	fresh := &campaignEntry{Path: p, Name: path.Base(p)}
	for _, name := range []string{"campaign.json", "campaign.jsonl"} {
		if info, err := fs.Stat(c.files, path.Join(p, name)); err == nil {
			version += fmt.Sprintf("%s %d %d;", name, info.Size(), info.ModTime().UnixNano())
			fresh.Changed = info.ModTime()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.campaigns[p]; known != nil && known.version == version {
		return known
	}
	fresh.version = version
	if err := fresh.read(c.files); err != nil {
		fresh.Damage = err.Error()
	}
	c.campaigns[p] = fresh
	return fresh
}

// read reads the plan and the record. An unfinished line at the end is one that is being written.
func (c *campaignEntry) read(files fs.FS) error {
	var plan struct {
		Spec     json.RawMessage `json:"spec"`
		Count    int             `json:"test_count"`
		Schedule string          `json:"schedule"`
	}
	b, err := fs.ReadFile(files, path.Join(c.Path, "campaign.json"))
	if err == nil {
		err = json.Unmarshal(b, &plan)
	}
	if err != nil {
		return fmt.Errorf("campaign.json: %w", err)
	}
	if c.Planned, c.settings = plan.Count, settingsOf(plan.Spec); plan.Schedule != "" {
		c.Faults = []string{"by schedule"} // and none are drawn
	}
	record, err := fs.ReadFile(files, path.Join(c.Path, "campaign.jsonl"))
	if err != nil {
		return nil // nothing was run so far
	}
	lines, err := results.ParseLines("campaign.jsonl", record[:bytes.LastIndexByte(record, '\n')+1])
	for _, l := range lines {
		c.add(l)
	}
	slices.SortFunc(c.Lines, func(a, b results.Line) int { return cmp.Compare(a.Seed, b.Seed) })
	return err
}

// longestName is that of a file name where results are kept.
const longestName = 255

func (c *campaignEntry) add(l results.Line) {
	if len(l.Dir) > longestName || strings.ContainsAny(l.Dir, `/\`) {
		l.Dir = "" // no directory of the campaign's
	}
	c.Lines = append(c.Lines, l)
	switch l.Verdict {
	case checker.Valid:
		c.Valid++
	case checker.Invalid:
		c.Invalid++
	default:
		c.Unknown++
	}
}

// Coverage sums up in which states of the cluster faults took effect.
func (c *campaignEntry) Coverage() results.Coverage {
	var sum results.Coverage
	for _, l := range c.Lines {
		sum.Add(l.Coverage)
	}
	return sum
}

// sums are the statistics and the counters of all runs.
func (c *campaignEntry) sums() (stats.Statistics, []report.Counter) {
	var s stats.Statistics
	var counters []report.Counter
	for _, l := range c.Lines {
		s.Add(l.Statistics)
		counters = report.Sum(counters, l.Counters)
	}
	return s, counters
}

// again is the command that makes a run again: of the first that was kept whole.
func (c *catalog) again(p string, lines []results.Line) string {
	for _, l := range lines {
		if l.Dir == "" {
			continue
		}
		if sub, err := fs.Sub(c.files, path.Join(p, l.Dir)); err == nil {
			if stored, err := results.Inspect(sub); err == nil {
				return stored.Replay
			}
		}
	}
	return ""
}

// Operations counts those of all runs.
func (c *campaignEntry) Operations() int {
	n := 0
	for _, l := range c.Lines {
		n += l.Statistics.Operations()
	}
	return n
}

// failures are runs that failed in the same way.
type failures struct {
	Kind    string
	Verdict checker.Validity
	Lines   []results.Line
}

// unknownRule is the kind of failures of which earlier versions did not record the rule.
const unknownRule = "unknown rule"

// Failures groups what is not valid by the rule that is broken. The largest groups come first, what is unknown last.
func (c *campaignEntry) Failures() []failures {
	var groups []failures
	for _, l := range c.Lines {
		if l.Verdict == checker.Valid {
			continue
		}
		kind := cmp.Or(l.Rule, unknownRule)
		i := slices.IndexFunc(groups, func(f failures) bool { return f.Kind == kind && f.Verdict == l.Verdict })
		if i < 0 {
			i = len(groups)
			groups = append(groups, failures{Kind: kind, Verdict: l.Verdict})
		}
		groups[i].Lines = append(groups[i].Lines, l)
	}
	slices.SortStableFunc(groups, func(a, b failures) int {
		if a.Verdict != b.Verdict {
			return int(b.Verdict) - int(a.Verdict)
		}
		return len(b.Lines) - len(a.Lines)
	})
	return groups
}

// campaignView is what the page of a campaign shows.
type campaignView struct {
	*campaignEntry
	Groups     []failureView
	Statistics template.HTML
	Files      []fileLink
}

// failureView is a group of failures, with the command that makes the first again that was kept whole; empty if none was.
type failureView struct {
	failures
	Again string
}

func (s *Server) campaign(w http.ResponseWriter, r *http.Request) {
	p, ok := requested(r)
	if !ok || s.catalog.kind(p) != isCampaign {
		http.NotFound(w, r)
		return
	}
	view := campaignView{campaignEntry: s.catalog.campaign(p)}
	for _, group := range view.Failures() {
		view.Groups = append(view.Groups, failureView{group, s.catalog.again(p, group.Lines)})
	}
	var err error
	if view.Statistics, err = results.StatisticsHTML(view.sums()); err != nil {
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	for _, name := range []string{"campaign.json", "campaign.jsonl", "canary.json", "index.html"} {
		if exists(s.files, path.Join(p, name)) {
			view.Files = append(view.Files, fileLink{name, path.Join(p, name)})
		}
	}
	s.page(w, "campaign.html", view)
}

// live says how far a campaign is, for its page to follow.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	p, ok := requested(r)
	if !ok || s.catalog.kind(p) != isCampaign {
		http.NotFound(w, r)
		return
	}
	c := s.catalog.campaign(p)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]any{ // whoever asked may have left
		"done": len(c.Lines), "planned": c.Planned, "valid": c.Valid, "invalid": c.Invalid, "unknown": c.Unknown, "unfinished": c.Unfinished(),
	})
}
