package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
)

// hostile is text that would be markup, a path, a terminal's command or a page of its own.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`'--></style></script><svg onload=alert(1)>`,
	`javascript:alert(1)`,
	`{{.}}]]>&lt;&#x3c;`,
	"../../../../tmp/owned",
	"\x1b[31m\x00\x07\x7f\u202egnirts\u2028",
	"\xff\xfe not UTF-8",
	strings.Repeat("long ", 200_000),
}

// Nothing from a run is ever markup in its page or in that of its campaign, or decides where a file goes.
func TestHostileRun(t *testing.T) {
	root := t.TempDir()
	c, err := OpenCampaign(filepath.Join(root, "runs"), "hostile")
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range hostile {
		r := hostileRun(t, text)
		name, err := c.WriteRun(r)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		row := Row{Seed: 1, Validity: r.Verdict.Validity, Reason: text, Digest: text, Dir: name, Replay: text}
		summary := &Summary{Title: text, Spec: []Setting{{text, text}}, Statistics: r.Statistics, Counters: r.Counters, Runs: []Row{row}}
		if err := c.WriteSummary(summary); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		for _, page := range []string{filepath.Join(c.Dir(), name, "index.html"), filepath.Join(c.Dir(), "index.html")} {
			checkPage(t, page)
		}
		for _, plot := range []string{"latency.svg", "rate.svg"} {
			checkXML(t, filepath.Join(c.Dir(), name, plot))
		}
		pictures, err := filepath.Glob(filepath.Join(c.Dir(), name, "keys", "*.html"))
		if err != nil || len(pictures) != 1 {
			t.Errorf("%d: pictures %v, %v", i, pictures, err)
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Errorf("files outside of the results: %v, %v", entries, err)
	}
	if _, err := os.Stat("/tmp/owned"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key has decided where a file went: %v", err)
	}
}

// hostileRun is a violation in which every string is the given one.
func hostileRun(t *testing.T, text string) *Run {
	t.Helper()
	said := strings.ToValidUTF8(text, "\ufffd") // no history has anything else
	value := history.TextValue(said)
	events := []history.Event{
		{Process: history.Nemesis, Type: history.Info, F: said, Key: said, Value: value},
		{Process: 0, Type: history.Invoke, F: "read", Key: said, Node: said},
		{Time: time.Second, Process: 0, Type: history.OK, F: "read", Key: said, Value: value, Node: said},
		{Time: time.Second, Process: 1, Type: history.Invoke, F: said, Key: "other", Value: value, Node: said},
		{Time: 2 * time.Second, Process: 1, Type: history.Fail, F: said, Key: "other", Value: value, Error: said},
	}
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	part := linear.Linearizable(linear.CASRegister(), ops, checker.Options{})
	part.Reason, part.Stage = text, text
	other := checker.Part{Name: text, Model: text, Findings: []checker.Finding{{Rule: text, Anomaly: text, On: text, Sentence: text, Cause: text,
		Operations: []checker.Involved{{Name: text, Text: text, Invoked: 1, Returned: 2}, {Process: 1, Name: text, MicroOps: []checker.MicroOp{{Key: text, Text: text}}, Invoked: 3, Returned: -1}},
		Steps:      []checker.Step{{From: 0, To: 1, Kind: checker.Dependency(text), Key: text, Why: text}, {From: 1, To: 0, Kind: checker.RW, Key: text, Why: text}}}}}
	return &Run{
		Seed: 1, Spec: json.RawMessage(encode(t, map[string]string{text: text})), Schedule: text,
		History: taped(t, history.Header{Build: text, Machine: text, Replay: text}, events),
		Verdict: checker.Conclude(part, other), Statistics: stats.Measure(events, ops, nil), Report: report.Report{Counters: []report.Counter{{Name: text, Value: 1}},
			Track: []report.Transition{{Node: text, Role: text, Term: 1}}, Logs: []report.NodeLog{{Node: text, Text: []byte(text)}}}, Replay: text,
	}
}

// checkPage looks for elements and attributes that are not ours.
func checkPage(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ToLower(string(b))
	ours, drawings := "", strings.Count(page, `<svg class="cycle"`)
	for range drawings { // each is well-formed, and ends where it should
		before, rest, _ := strings.Cut(page, `<svg class="cycle"`)
		drawing, after, _ := strings.Cut(rest, "</svg>")
		if err := wellFormed([]byte(`<svg class="cycle"` + drawing + "</svg>")); err != nil {
			t.Errorf("%s: its drawing: %v", path, err)
		}
		ours, page = ours+drawing, before+after
	}
	if wanted := strings.Count(page, `<ol class="steps">`); drawings != wanted {
		t.Errorf("%s has %d drawings of %d cycles", path, drawings, wanted)
	}
	for _, tag := range regexp.MustCompile(`<(\w+)`).FindAllStringSubmatch(ours, -1) {
		if !slices.Contains([]string{"g", "rect", "text", "tspan", "title", "path"}, tag[1]) {
			t.Errorf("%s: a drawing has an element %s", path, tag[1])
		}
	}
	for _, markup := range []string{"<script", "<svg", "onerror=alert(1)>", "onload=alert(1)>", `href="javascript`, `src="x"`} {
		if i := strings.Index(page, markup); i >= 0 {
			t.Errorf("%s holds %s", path, page[max(0, i-40):i+len(markup)])
		}
	}
	if n := strings.Count(page, "<img"); n > 2 {
		t.Errorf("%s has %d images", path, n)
	}
	if n := strings.Count(page, "</style>"); n != 1 {
		t.Errorf("%s closes its style sheet %d times", path, n)
	}
}

func checkXML(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := wellFormed(b); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	if bytes.Contains(b, []byte("<script")) {
		t.Errorf("%s has a script", path)
	}
}
