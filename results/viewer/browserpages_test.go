//go:build browser

package viewer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
	"faultline/results"
	"faultline/results/viewer"
)

// A page of its own works from a disk, with nothing around it.
func TestBrowserExportedPage(t *testing.T) {
	dir := small.write(t, t.TempDir())
	var page bytes.Buffer
	if err := viewer.WritePage(&page, os.DirFS(dir), "sample"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "run.html")
	if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	w := open(t, 1400, 860)
	w.visit("file://" + path)
	if s := eval[viewState](w, state); s.Violation != 0 {
		t.Errorf("it opens at %+v", s)
	}
	w.key("..l+")
	w.do(chromedp.Evaluate[chromedp.Void]("faultline.save()"))
	before := eval[json.RawMessage](w, state)
	address := eval[string](w, "location.href")
	w.do(chromedp.Navigate("about:blank"))
	w.visit(address)
	if after := eval[json.RawMessage](w, state); string(after) != string(before) {
		t.Errorf("%s leads to\n%s and not to\n%s", address, after, before)
	}
	if n := eval[int](w, "performance.getEntriesByType('resource').length"); n != 0 {
		t.Errorf("it loaded %d things", n)
	}
	w.quiet()
}

// The pages around the viewer: the list leads to the campaign, that to the run, and that back.
func TestBrowserServedPages(t *testing.T) {
	root := t.TempDir()
	small.write(t, root)
	if err := os.WriteFile(filepath.Join(root, "sample", "campaign.json"), []byte(`{"spec":{"workload":"register","nemesis":["crash"],"cluster":{"read":"leader"}},"test_count":2}`), 0o644); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(root, "sample", "2026*"))
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	line := `{"seed":7,"verdict":"invalid","reason":"key \"k1\": read of 3 by process 7 began after","dir":"` + filepath.Base(entries[0]) + `"}` + "\n"
	record := filepath.Join(root, "sample", "campaign.jsonl")
	if err := os.WriteFile(record, []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	w := open(t, 1200, 800)
	server := served(t, root)
	w.do(chromedp.Navigate(server), chromedp.Click(chromedp.CSS(`a[href^="/campaign/"]`)), chromedp.WaitReady(chromedp.CSS("#done")))
	if done := eval[string](w, `document.getElementById("done").textContent`); done != "1" {
		t.Errorf("%s runs are done", done)
	}
	if err := os.WriteFile(record, []byte(line+`{"seed":8,"verdict":"valid","reason":"","dir":""}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.Poll[chromedp.Void](`document.getElementById("done").textContent === "2" && document.querySelectorAll(".seeds .seed").length === 2`, chromedp.WithPollingTimeout(time.Minute)))
	w.do(chromedp.Click(chromedp.CSS("a.seed")), chromedp.WaitReady(chromedp.CSS(`html[data-ready="all"]`)), chromedp.Click(chromedp.CSS("#tab-run")), chromedp.WaitVisible(chromedp.CSS("#files")))
	if files := eval[string](w, `document.getElementById("files").textContent`); !strings.Contains(files, "history.jsonl") || !strings.Contains(files, "nodes/n1.log") {
		t.Errorf("the files are %s", files)
	}
	w.do(chromedp.Click(chromedp.CSS(`#crumbs a[href^="/campaign/"]`)), chromedp.WaitReady(chromedp.CSS("#done")))
	for _, address := range []string{eval[string](w, "location.href"), server} {
		w.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("table")))
		for _, width := range []int64{600, 390} {
			w.do(chromedp.EmulateViewport(width, 800))
			fits(w, fmt.Sprintf("%s, %d px wide", address, width))
		}
	}
	w.quiet()
}

// Whatever a history holds is text.
func TestBrowserHostileHistories(t *testing.T) {
	hostile := []string{
		`<script>hacked = 1</script>`, `"><img src=x onerror="hacked=1">`, `'--></style></script><svg onload="hacked=1">`, `${hacked=1}{{.}}]]>&lt;`,
		"\x1b[31m\x00\x07\x7f\u202egnirts\u2028", "\xff\xfe not UTF-8", "مرحبا بالعالم שלום", strings.Repeat("long ", 200_000),
	}
	w := open(t, 1200, 800)
	root := t.TempDir()
	address := served(t, root)
	for i, text := range hostile {
		dir := keep(t, root, hostileRun(t, text))
		w.visit(runAddress(t, address, root, dir))
		w.key("n")
		shown := eval[string](w, `document.querySelector(".panel").textContent`)
		if i < 4 && !strings.Contains(shown, text) {
			t.Errorf("%.40q is not shown as text: %.300s", text, shown)
		}
		if strings.ContainsAny(shown, "\x00\x1b\u202e\u2028") {
			t.Errorf("%.40q is shown as it is: %.300q", text, shown)
		}
		if len(shown) > 100_000 {
			t.Errorf("%.40q: %d bytes are shown", text, len(shown))
		}
		w.do(chromedp.MouseEvent("mouseMoved", 500, 300))
		w.key("\x1b\x1bV.") // to the last violation, which is a cycle, and its first arrow
		if drawn := eval[string](w, `document.querySelector("svg.cycle").textContent + document.querySelector(".told").textContent`); i < 4 && !strings.Contains(drawn, text) ||
			strings.ContainsAny(drawn, "\x00\x1b\u202e\u2028") || len(drawn) > 20_000 {
			t.Errorf("%.40q is drawn as %.300q", text, drawn)
		}
		w.key("l0")
		w.do(chromedp.Click(chromedp.CSS("#tab-run")))
		if eval[bool](w, "typeof hacked !== 'undefined'") {
			t.Fatalf("%.40q ran", text)
		}
		if n := eval[int](w, "document.images.length + document.querySelectorAll('svg:not(.cycle), svg *:not(g, rect, text, tspan, title, path)').length"); n != 0 {
			t.Errorf("%.40q made %d pictures", text, n)
		}
		var page bytes.Buffer
		if err := viewer.WritePage(&page, os.DirFS(dir), text); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, "hostile.html")
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		w.visit("file://" + path)
		if eval[bool](w, "typeof hacked !== 'undefined'") {
			t.Fatalf("%.40q ran from a disk", text)
		}
	}
	w.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("table")))
	if eval[bool](w, "typeof hacked !== 'undefined'") {
		t.Fatal("the list ran something")
	}
	w.quiet()
}

// hostileRun is a violation in which every string is the given one.
func hostileRun(t *testing.T, text string) *results.Run {
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
	spec, err := json.Marshal(map[string]string{text: text, "workload": text})
	if err != nil {
		t.Fatal(err)
	}
	return &results.Run{
		Seed: 1, Spec: spec, Schedule: text, History: taped(t, &history.History{Header: history.Header{Build: text, Machine: text, Replay: text}, Events: events}),
		Verdict: checker.Conclude(part, other), Statistics: stats.Measure(events, ops, nil), Report: report.Report{Counters: []report.Counter{{Name: text, Value: 1}},
			Track: []report.Transition{{Node: text, Role: text, Term: 1}}, Logs: []report.NodeLog{{Node: strings.ToValidUTF8(text, "\ufffd"), Text: []byte(text)}}}, Replay: text,
	}
}
