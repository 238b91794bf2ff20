package serve

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"faultline/internal/wording"
	"faultline/results"
)

// filter is what a list is narrowed to; empty fields narrow nothing.
type filter struct {
	Verdict, Workload, Mode, Fault string
}

// Any tells whether it narrows at all.
func (f filter) Any() bool { return f != filter{} }

func (f filter) admits(verdict string, s settings) bool {
	return (f.Verdict == "" || f.Verdict == verdict) && (f.Workload == "" || f.Workload == s.Workload) &&
		(f.Mode == "" || f.Mode == s.Mode) && (f.Fault == "" || slices.Contains(s.Faults, f.Fault))
}

// mostListed bounds the runs on a page.
const mostListed = 500

// indexView is what the first page shows.
type indexView struct {
	Filter                            filter
	Verdicts, Workloads, Modes, Kinds []string // what can be chosen
	Campaigns                         []*campaignEntry
	Runs                              []*runEntry
	Comparisons                       []comparisonEntry
	Left, Unchecked                   int // runs that are not listed, and those whose histories were not read so far
	Damaged                           int
}

func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	all, err := s.catalog.all()
	if err != nil {
		http.Error(w, "the directory cannot be read", http.StatusInternalServerError)
		return
	}
	q := r.URL.Query()
	view := indexView{
		Filter:   filter{q.Get("verdict"), q.Get("workload"), q.Get("mode"), q.Get("fault")},
		Verdicts: []string{"valid", "invalid", "unknown", damaged}, Comparisons: all.Comparisons,
	}
	for _, c := range all.Campaigns {
		view.offer(c.settings)
		if view.Filter.admits(c.Verdict(), c.settings) || view.Filter.Verdict == damaged && c.Damage != "" {
			view.Campaigns = append(view.Campaigns, c)
		}
	}
	for _, run := range all.Runs {
		view.offer(run.settings)
		if run.Verdict == damaged {
			view.Damaged++
		} else if !run.Checked {
			view.Unchecked++
		}
		switch {
		case !view.Filter.admits(run.Verdict, run.settings):
		case len(view.Runs) == mostListed:
			view.Left++
		default:
			view.Runs = append(view.Runs, run)
		}
	}
	for _, choices := range [][]string{view.Workloads, view.Modes, view.Kinds} {
		slices.Sort(choices)
	}
	s.page(w, "index.html", view)
}

// offer adds what something has to what can be chosen.
func (v *indexView) offer(s settings) {
	add := func(to *[]string, value string) {
		if value != "" && len(value) <= longest && !slices.Contains(*to, value) {
			*to = append(*to, value)
		}
	}
	add(&v.Workloads, s.Workload)
	add(&v.Modes, s.Mode)
	for _, fault := range s.Faults {
		add(&v.Kinds, fault)
	}
}

// choice is a field of the filter.
type choice struct {
	Name, Chosen string
	Choices      []string
}

// longest bounds what a list shows of a text.
const longest = 300

var helpers = template.FuncMap{
	"clip":   clip,
	"when":   func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
	"join":   func(words []string) string { return clip(strings.Join(words, ", ")) },
	"choice": func(name, chosen string, choices []string) choice { return choice{name, chosen, choices} },
	// firsts are as many as a cell of a table has room for.
	"firsts": func(lines []results.Line) []results.Line { return lines[:min(len(lines), 30)] },
	// address is the path of something in the directory as part of an address.
	"address": func(p string) string {
		parts := strings.Split(p, "/")
		for i, part := range parts {
			parts[i] = url.PathEscape(part)
		}
		return strings.Join(parts, "/")
	},
}

// clip is text fit for a list.
func clip(text string) string { return wording.Line(text, longest) }
