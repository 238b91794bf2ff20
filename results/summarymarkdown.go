package results

import (
	"fmt"
	"strconv"
	"strings"

	"faultline/checker"
	"faultline/history/stats"
	"faultline/internal/wording"
)

// mostShown is how many failures a Markdown summary spells out.
const mostShown = 10

// Markdown is the summary of a campaign for the page of a CI job.
func (s *Summary) Markdown() *Markdown {
	v := summaryView{Summary: s}
	v.count()
	if len(s.Runs) < s.Planned {
		v.Validity = checker.Merge(v.Validity, checker.Unknown)
	}
	m := &Markdown{}
	m.Heading(2, fmt.Sprintf("%s: %s", strings.ToUpper(v.Validity.String()), s.Title))
	m.Text(v.Conclusion)
	m.settings(s.Spec)
	if s.Canary != "" {
		m.Text("Canary " + s.Canary)
	}
	m.Table([]string{"runs", "valid", "invalid", "unknown"},
		[][]string{{wording.Grouped(len(s.Runs)), wording.Grouped(v.Valid), wording.Grouped(v.Invalid), wording.Grouped(v.Unknown)}})
	if s.Statistics.Operations() > 0 {
		m.functions(s.Statistics)
		m.faults(s.Statistics)
	}
	for i := range v.Failures[:min(len(v.Failures), mostShown)] {
		m.failure(&v.Failures[i])
	}
	if more := len(v.Failures) - mostShown; more > 0 {
		m.Text(fmt.Sprintf("%s more are not valid.", wording.Grouped(more)))
	}
	return m
}

// settings are what was run, on one line.
func (m *Markdown) settings(all []Setting) {
	var parts []string
	for _, s := range all {
		parts = append(parts, s.Name+" "+s.Value)
	}
	m.Text(strings.Join(parts, "; "))
}

func (m *Markdown) functions(s stats.Statistics) {
	var rows [][]string
	for _, f := range s.Functions {
		l := f.Latency
		rows = append(rows, []string{f.F, wording.Grouped(f.OK), wording.Grouped(f.Fail), wording.Grouped(f.Info), clock(l.P50), clock(l.P99), clock(l.Max)})
	}
	m.Table([]string{"operations", "ok", "fail", "info", "p50", "p99", "max"}, rows)
}

func (m *Markdown) faults(s stats.Statistics) {
	var parts []string
	for _, f := range s.Faults {
		parts = append(parts, fmt.Sprintf("%s %s", f.Kind, wording.Grouped(f.Count)))
	}
	if len(parts) > 0 {
		m.Text("Faults: " + strings.Join(parts, ", "))
	}
}

func (m *Markdown) failure(r *Row) {
	m.Heading(3, fmt.Sprintf("Seed %s is %v", strconv.FormatUint(r.Seed, 10), r.Validity))
	m.Text(r.Reason)
	if r.Cause != "" {
		m.Text("Cause: " + r.Cause)
	}
	if r.Picture != "" {
		m.Code(r.Picture)
	}
	if r.Replay != "" {
		m.Code(r.Replay)
	}
}
