package serve

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"faultline/results"
)

// runEntry is a run as lists show it.
type runEntry struct {
	Path    string
	Started time.Time
	Seed    uint64
	Verdict string // valid, invalid, unknown or damaged
	Reason  string // of the verdict, or what is damaged
	Checked bool   // its history was read and is whole
	settings
}

// settings are the parts of a spec that lists show and filter by.
type settings struct {
	System   string
	Workload string
	Mode     string
	Bug      string   // that is planted; empty for none
	Faults   []string // families that are drawn or, of a run, kinds that took effect
}

// damaged is the verdict of a run that cannot be read.
const damaged = "damaged"

// run reads what is short of a run. Whether its history is whole, the audit tells later.
func (c *catalog) run(p string) *runEntry {
	r := &runEntry{Path: p}
	if info, err := fs.Stat(c.files, p); err == nil {
		r.Started = info.ModTime()
	}
	sub, err := fs.Sub(c.files, p)
	if err != nil {
		r.Verdict, r.Reason = damaged, err.Error()
		return r
	}
	stored, err := results.Inspect(sub)
	if err != nil {
		r.Verdict, r.Reason = damaged, err.Error()
		return r
	}
	r.Started, r.Seed, r.settings = stored.Started, stored.Seed, settingsOf(stored.Spec)
	r.Faults = nil // those of the run itself: a schedule, or shrinking, may have left others than its spec would draw
	for _, f := range stored.Statistics.Faults {
		r.Faults = append(r.Faults, f.Kind)
	}
	r.Verdict, r.Reason = stored.Verdict.Validity.String(), stored.Verdict.Reason
	found, known := c.audit.ask(p)
	if r.Checked = known; known && found != "" {
		r.Verdict, r.Reason = damaged, found
	}
	return r
}

// settingsOf reads a spec as package world writes it. What it does not know stays empty.
func settingsOf(spec json.RawMessage) settings {
	var s struct {
		System   string   `json:"system"`
		Workload string   `json:"workload"`
		Bug      string   `json:"bug"`
		Nemesis  []string `json:"nemesis"`
		Mode     string   `json:"mode"`
		Cluster  struct { // where the mode was in specs of earlier versions
			Read string `json:"read"`
		} `json:"cluster"`
	}
	if json.Unmarshal(spec, &s) != nil {
		return settings{}
	}
	return settings{System: s.System, Workload: s.Workload, Mode: cmp.Or(s.Mode, s.Cluster.Read), Bug: s.Bug, Faults: s.Nemesis}
}

// fileLink is a file of a run.
type fileLink struct{ Name, Path string }

// runView is what the page of a run shows around the viewer.
type runView struct {
	Path, Title string
	Of          *fileLink // the page of the campaign or the comparison that it lies in, if it lies in one
	Files       []fileLink
}

func (s *Server) run(w http.ResponseWriter, r *http.Request) {
	p, ok := requested(r)
	if !ok || s.catalog.kind(p) != isRun {
		http.NotFound(w, r)
		return
	}
	view := runView{Path: p, Title: path.Base(p), Files: filesIn(s.files, p)}
	switch parent := path.Dir(p); s.catalog.kind(parent) {
	case isCampaign:
		view.Of = &fileLink{path.Base(parent), "campaign/" + parent + "/"}
	case isComparison:
		view.Of = &fileLink{path.Base(parent), "file/" + parent + "/compare.html"}
	}
	s.page(w, "run.html", view)
}

// mostFiles bounds how many files a page lists.
const mostFiles = 500

// filesIn lists the files below a directory, by path.
func filesIn(files fs.FS, dir string) []fileLink {
	var all []fileLink
	_ = fs.WalkDir(files, dir, func(p string, d fs.DirEntry, err error) error { // what cannot be read is not listed
		if err != nil || len(all) >= mostFiles {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
			all = append(all, fileLink{Name: strings.TrimPrefix(p, dir+"/"), Path: p})
		}
		return nil
	})
	slices.SortFunc(all, func(a, b fileLink) int { return strings.Compare(a.Name, b.Name) })
	return all
}
