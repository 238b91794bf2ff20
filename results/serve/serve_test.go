package serve

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/history/stats"
	"faultline/results"
)

// directory is a root with a campaign of two runs, of which one was kept, one more run, a comparison, and next to the root something that
// is nobody's business.
func directory(t *testing.T) (root, run string) {
	t.Helper()
	top := t.TempDir()
	root = filepath.Join(top, "results")
	put(t, filepath.Join(top, "secret.txt"), "secret")
	c, err := results.OpenCampaign(filepath.Join(root, "runs"), "first")
	if err != nil {
		t.Fatal(err)
	}
	name, err := c.WriteRun(sampleRun(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	spec := `{"spec":{"workload":"register","nemesis":["crash","partition"],"cluster":{"read":"leader"},"bug":"dirty-reads"},"test_count":3}`
	put(t, filepath.Join(c.Dir(), "campaign.json"), spec)
	lines := fmt.Sprintf(`{"seed":2,"verdict":"valid","reason":"fine"}
{"seed":1,"verdict":"invalid","rule":"linearizable: stale read","reason":"stale read: process 7 read k1 = 3, 2 s after process 2's write of 5 had returned","dir":%q,"statistics":{"functions":[{"f":"read","ok":41}],"phases":[{"phase":"faulty","invoked":9,"ok":9,"availability":1}]},"counters":[{"name":"elections","value":7}],"coverage":[{"kind":"crash","led":3,"hurt":1}]}
{"seed":3,"verd`, name)
	put(t, filepath.Join(c.Dir(), "campaign.jsonl"), lines)
	put(t, filepath.Join(root, "compare-1", "compare.html"), "<h1>compared</h1>")
	put(t, filepath.Join(root, "compare-1", "compare.json"), `{"tables":[]}`)
	if err := os.Symlink(filepath.Join("..", "..", "..", "secret.txt"), filepath.Join(c.Dir(), "link.txt")); err != nil {
		t.Fatal(err)
	}
	return root, "runs/first/" + name
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// sampleRun has a read that is too old.
func sampleRun(t *testing.T, seed uint64) *results.Run {
	t.Helper()
	one, two := history.IntValue(1), history.IntValue(2)
	events := []history.Event{
		{Time: 1e6, Process: 0, Type: history.Invoke, F: "write", Key: "k1", Value: one}, {Time: 2e6, Process: 0, Type: history.OK, F: "write", Key: "k1", Value: one},
		{Time: 3e6, Process: 0, Type: history.Invoke, F: "write", Key: "k1", Value: two}, {Time: 4e6, Process: 0, Type: history.OK, F: "write", Key: "k1", Value: two},
		{Time: 5e6, Process: 1, Type: history.Invoke, F: "read", Key: "k1"}, {Time: 6e6, Process: 1, Type: history.OK, F: "read", Key: "k1", Value: one},
	}
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	part := linear.Linearizable(linear.Register(), ops, checker.Options{})
	return &results.Run{
		Seed: seed, Started: time.Date(2026, 11, 22, 8, 0, int(seed), 0, time.UTC), Spec: json.RawMessage(`{"workload":"register","nemesis":["crash","partition"],"cluster":{"read":"leader"}}`),
		Statistics: stats.Statistics{Faults: []stats.FaultStats{{Kind: "crash", Count: 1}}}, Replay: "faultline run --seed 1",
		History: historytest.Tape(t, events...), Verdict: checker.Conclude(part),
		Report: report.Report{Logs: []report.NodeLog{{Node: "n1", Text: []byte("0.1s hello\n")}}},
	}
}

// serving starts a server on a directory.
func serving(t *testing.T, root string) *httptest.Server {
	t.Helper()
	s, err := New(root)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// get sends a path as it is, which http.Get would clean.
func get(t *testing.T, server *httptest.Server, path string) (status int, body string, header http.Header) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Opaque = path
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b), answer.Header
}

func TestPages(t *testing.T) {
	root, run := directory(t)
	server := serving(t, root)
	tests := []struct {
		path string
		want []string
	}{
		{"/", []string{`/campaign/runs/first/"`, "2 of 3", "planted bug: dirty-reads", "/run/" + run + "/", `/file/compare-1/compare.html`, `<option value="leader">leader</option>`}},
		{"/?verdict=invalid&workload=register&mode=leader&fault=crash", []string{"/run/" + run + "/", `<option value="invalid" selected>invalid</option>`}},
		{"/campaign/runs/first/", []string{"Unfinished", "planted bug: dirty-reads", "/run/" + run + "/", "linearizable: stale read", "faultline run --seed 1",
			"<td>read</td><td class=\"number\">41</td>", "<td>faulty</td>", "elections", `<th scope="row">crash</th><td class="number">3</td><td class="number">1</td>`}},
		{"/run/" + run + "/", []string{`data-scene="/scene/` + run + `/"`, "/file/" + run + "/history.jsonl", "/file/" + run + "/nodes/n1.log", `href="/campaign/runs/first/"`}},
		{"/live/runs/first/", []string{`"done":2`, `"planned":3`, `"unfinished":true`}},
		{"/scene/" + run + "/", []string{"FAULTVW1"}},
		{"/analysis/" + run + "/", []string{"FAULTVW1"}},
		{"/file/" + run + "/nodes/n1.log", []string{"0.1s hello\n"}},
		{"/viewer/main.js", []string{"loadContainer"}},
		{"/assets/live.js", []string{"follow"}},
	}
	for _, tt := range tests {
		status, body, header := get(t, server, tt.path)
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", tt.path, status, body)
		}
		for _, want := range tt.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s: %s", tt.path, want, body)
			}
		}
		if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s has the policy %q", tt.path, policy)
		}
	}
	for _, none := range []string{"/?verdict=valid", "/?mode=log", "/?fault=pause", "/?fault=partition", "/?workload=queue"} {
		if _, body, _ := get(t, server, none); strings.Contains(body, "/run/") {
			t.Errorf("%s lists a run", none)
		}
	}
}

// No path leaves the directory.
func TestNothingOutside(t *testing.T) {
	root, run := directory(t)
	server := serving(t, root)
	for _, path := range []string{
		"/file/../secret.txt", "/file/%2e%2e/secret.txt", "/file/..%2fsecret.txt", "/file/%2e%2e%2fsecret.txt", "/file/runs/../../secret.txt",
		"/file/runs/first/link.txt", "/file//etc/passwd", "/file/%2fetc%2fpasswd", "/file/..%5csecret.txt", "/file/%00", "/file/.", "/file/", "/file/runs",
		"/run/../", "/run/%2e%2e/", "/run/runs/first/", "/run/nothing/", "/scene/../", "/scene/runs/first/", "/analysis/nothing/", "/campaign/" + run + "/", "/campaign/../",
		"/live/nothing/", "/viewer/", "/viewer/../server.go", "/viewer/%2e%2e/bundle.go", "/assets/", "/elsewhere", "/file/" + run + "/../../../../secret.txt",
	} {
		status, body, _ := get(t, server, path)
		if status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, status, body)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "root:") {
			t.Errorf("%s gave away %s", path, body)
		}
	}
	answer, err := http.Post(server.URL+"/", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a POST has the status %d", answer.StatusCode)
	}
}

// Only results are listed, whatever other files are called.
func TestStrayFilesAreNotListed(t *testing.T) {
	root, _ := directory(t)
	for path, text := range map[string]string{
		"source/templates/compare.html":      "{{template}}",
		"source/page/compare.html":           "<h1>prices</h1>",
		"source/page/compare.json":           `{"prices":[1,2]}`,
		"source/plan/campaign.json":          `{"name":"spring sale"}`,
		"source/mail/campaign.jsonl":         `{"to":"everybody"}` + "\n",
		"source/court/verdict.json":          `{"verdict":"guilty"}`,
		"source/data/history.jsonl":          `{"page":"https://example.com"}` + "\n",
		"source/20261122T080001Z-1/x.go":     "package x",
		"runs/first/.partial-1/spec.json":    "{}",
		"runs/first/.partial-1/verdict.json": `{"faultline_run":2`,
	} {
		put(t, filepath.Join(root, filepath.FromSlash(path)), text)
	}
	if err := os.Mkdir(filepath.Join(root, "20261122T080001.000Z-2"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, body, _ := get(t, serving(t, root), "/")
	for _, stray := range []string{"source", "partial", "20261122T080001.000Z-2"} {
		if strings.Contains(body, stray) {
			t.Errorf("%s is listed: %s", stray, body)
		}
	}
	if n := strings.Count(body, `href="/run/`) + strings.Count(body, `href="/campaign/`) + strings.Count(body, `href="/file/`); n != 3 {
		t.Errorf("%d results are listed, of 3: %s", n, body)
	}
}

// What is damaged is listed as that, whether a look tells or only the whole history does.
func TestDamagedRunsAreListed(t *testing.T) {
	root, _ := directory(t)
	c, err := results.OpenCampaign(filepath.Join(root, "runs"), "second")
	if err != nil {
		t.Fatal(err)
	}
	harms := []func(dir string) error{
		func(dir string) error { return os.Remove(filepath.Join(dir, "verdict.json")) },
		func(dir string) error { return os.Truncate(filepath.Join(dir, "verdict.json"), 100) },
		func(dir string) error { return os.Remove(filepath.Join(dir, "history.jsonl")) },
		func(dir string) error { return os.Truncate(filepath.Join(dir, "history.jsonl"), 300) },
		func(dir string) error { return os.RemoveAll(filepath.Join(dir, "nodes")) },
	}
	for i, harm := range harms {
		name, err := c.WriteRun(sampleRun(t, uint64(10+i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := harm(filepath.Join(c.Dir(), name)); err != nil {
			t.Fatal(err)
		}
	}
	server := serving(t, root)
	var body string
	for { // histories are read in the background
		if _, body, _ = get(t, server, "/?verdict=damaged"); !strings.Contains(body, "still being read") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if n := strings.Count(body, `<td class="damaged">damaged</td>`); n != len(harms) {
		t.Errorf("%d damaged runs are listed, of %d: %s", n, len(harms), body)
	}
	for _, why := range []string{"verdict.json is missing", "verdict.json:", "history.jsonl is missing", "history.jsonl: line", "nodes/n1.log is missing"} {
		if !strings.Contains(body, why) {
			t.Errorf("the list does not say %q: %s", why, body)
		}
	}
}

// A run that is damaged has a page still, and its files.
func TestDamagedRunsHavePages(t *testing.T) {
	root, run := directory(t)
	if err := os.Truncate(filepath.Join(root, filepath.FromSlash(run), "history.jsonl"), 300); err != nil {
		t.Fatal(err)
	}
	server := serving(t, root)
	if status, body, _ := get(t, server, "/run/"+run+"/"); status != http.StatusOK || !strings.Contains(body, "history.jsonl") {
		t.Errorf("%d %s", status, body)
	}
	for _, data := range []string{"/scene/", "/analysis/"} {
		if status, body, _ := get(t, server, data+run+"/"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "damaged: history.jsonl: line") {
			t.Errorf("%s: %d %s", data, status, body)
		}
	}
}

// Pages that lie in the directory are nobody's: they run in a sandbox. All other files are not run at all.
func TestFilesAreNotTrusted(t *testing.T) {
	root, _ := directory(t)
	put(t, filepath.Join(root, "x.html"), "<script>alert(1)</script>")
	put(t, filepath.Join(root, "x.js"), "alert(1)")
	put(t, filepath.Join(root, "x.svg"), "<svg/>")
	put(t, filepath.Join(root, "noext"), "<script>alert(1)</script>")
	server := serving(t, root)
	for name, kind := range map[string]string{"x.html": "text/html; charset=utf-8", "x.js": "text/plain; charset=utf-8", "x.svg": "image/svg+xml", "noext": "text/plain; charset=utf-8"} {
		_, _, header := get(t, server, "/file/"+name)
		if header.Get("Content-Type") != kind || !strings.HasPrefix(header.Get("Content-Security-Policy"), "sandbox ") || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", name, header)
		}
	}
}

// A page from elsewhere whose name leads here gets nothing.
func TestLoopbackOnly(t *testing.T) {
	handler := LoopbackOnly(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "[::1]:8080": 200, "localhost": 200, "127.0.0.1": 200,
		"evil.example:8080": 403, "evil.example": 403, "10.0.0.1:8080": 403, "": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d", host, w.Code)
		}
	}
}

// Failures are of a kind if the same rule is broken. Lines of earlier versions do not say which.
func TestFailures(t *testing.T) {
	var c campaignEntry
	for _, line := range []string{
		`{"seed":1,"verdict":"invalid","rule":"election safety","reason":"n1 and n2 both led in term 3"}`,
		`{"seed":2,"verdict":"unknown","rule":"tested","reason":"this tested nothing"}`,
		`{"seed":3,"verdict":"invalid","rule":"linearizable: stale read","reason":"stale read: process 7 read k1 = 3"}`,
		`{"seed":4,"verdict":"valid","reason":"fine"}`,
		`{"seed":5,"verdict":"invalid","reason":"key \"k1\": read of 3 by process 7 began after write of 5 by process 2 had returned"}`,
		`{"seed":6,"verdict":"invalid","rule":"linearizable: stale read","reason":"stale read: process 9 read k2 = 4"}`,
	} {
		var l results.Line
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		c.add(l)
	}
	var got []string
	for _, f := range c.Failures() {
		got = append(got, fmt.Sprintf("%d %v %s", len(f.Lines), f.Verdict, f.Kind))
	}
	want := []string{"2 invalid linearizable: stale read", "1 invalid election safety", "1 invalid unknown rule", "1 unknown tested"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Whatever a record holds is text in a page.
func TestHostileRecords(t *testing.T) {
	root := t.TempDir()
	hostile := `<script>alert(1)</script>"'><img src=x onerror=alert(1)>` + "\u202e" + strings.Repeat("long ", 100_000)
	text, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(root, `<b>"&`, "campaign.json"), fmt.Sprintf(`{"spec":{"workload":%s,"nemesis":[%s],"cluster":{"read":%s}},"test_count":2}`, text, text, text))
	put(t, filepath.Join(root, `<b>"&`, "campaign.jsonl"), fmt.Sprintf(`{"seed":1,"verdict":"invalid","reason":%s,"dir":%s}`+"\n", text, text))
	server := serving(t, root)
	for _, path := range []string{"/", "/campaign/%3Cb%3E%22&/"} {
		status, body, _ := get(t, server, path)
		if status != http.StatusOK || strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") || strings.Contains(body, "<b>\"&") || strings.Contains(body, "\u202e") {
			t.Errorf("%s: %d %.2000s", path, status, body)
		}
	}
}
