//go:build browser

package viewer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"faultline/results/serve"
)

// browser finds a browser, or skips the test.
func browser(t testing.TB) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no browser here: install chromium")
	return ""
}

// window is a page in a browser.
type window struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	errors []string // that the console has shown
}

// started is the browser that all tests share: to start one takes longer than most of them.
var started struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if started.stop != nil {
		started.stop()
	}
	os.Exit(code)
}

func start(path string) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("hide-scrollbars", true))
	allocated, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocated)
	started.ctx, started.stop = ctx, func() { cancel(); cancelAllocator() }
	started.err = chromedp.Do(ctx)
}

// open opens an empty page.
func open(t testing.TB, width, height int) *window {
	t.Helper()
	path := browser(t)
	started.once.Do(func() { start(path) })
	if started.err != nil {
		t.Fatalf("start %s: %v", path, started.err)
	}
	ctx, cancel := chromedp.NewContext(started.ctx)
	timed, cancelTimed := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() { cancelTimed(); cancel() })
	w := &window{t: t, ctx: timed}
	if err := chromedp.Listen(timed, w.hear); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.EmulateViewport(int64(width), int64(height)))
	return w
}

// hear keeps what the console shows as errors or warnings.
func (w *window) hear(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, a := range e.Args {
				text += string(a.Value) + a.Description + " "
			}
		}
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			text += " " + thrown.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			text = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if text != "" {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.errors = append(w.errors, text)
	}
}

func (w *window) do(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, actions...); err != nil {
		w.t.Fatal(err)
	}
}

// visit loads an address and waits until the run is shown.
func (w *window) visit(address string) {
	w.t.Helper()
	w.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS(`html[data-ready="all"], .damaged`)))
	if damage := eval[string](w, `document.querySelector(".damaged")?.textContent ?? ""`); damage != "" {
		w.t.Fatalf("%s: %s", address, damage)
	}
}

// eval evaluates an expression in the page, into a value as JSON decodes it.
func eval[T any](w *window, expression string) T {
	w.t.Helper()
	return decoded[T](w, "JSON.stringify("+expression+")")
}

// decoded evaluates an expression whose value is JSON, or a promise of it.
func decoded[T any](w *window, expression string) T {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		w.t.Fatalf("%s is %s: %v", expression, text, err)
	}
	return v
}

// key presses keys, one after the other.
func (w *window) key(keys string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(keys))
}

// quiet fails the test if the console has shown an error.
func (w *window) quiet() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.errors {
		w.t.Errorf("on the console: %s", e)
	}
	w.errors = nil
}

// served serves a directory and returns its address.
func served(t testing.TB, root string) string {
	t.Helper()
	s, err := serve.New(root)
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
	return server.URL
}

// runAddress is the address of a run that lies below the root that is served.
func runAddress(t testing.TB, server, root, dir string) string {
	t.Helper()
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		t.Fatal(err)
	}
	return server + "/run/" + filepath.ToSlash(rel) + "/"
}

// openSample shows the small sample.
func openSample(t testing.TB) *window {
	t.Helper()
	w := open(t, 1400, 860)
	root := t.TempDir()
	w.visit(runAddress(t, served(t, root), root, small.write(t, root)))
	return w
}

const state = "faultline.state"

type viewState struct {
	T0, T1                                               float64
	Lanes, Query                                         string
	Operation, Violation, Attempt, Step, Message, Scroll int
	Messages, Cone, Plots                                bool
	Linearization                                        *string
}

func TestBrowserOpensAtTheViolation(t *testing.T) {
	w := openSample(t)
	s := eval[viewState](w, state)
	if s.Violation != 0 {
		t.Fatalf("the page opens at %+v", s)
	}
	span := eval[[]float64](w, "faultline.scene.violation(faultline.state).operations.flatMap(o => [faultline.data.invoke[o.row], faultline.data.stop(o.row)])")
	for _, at := range span {
		if at < s.T0 || at > s.T1 {
			t.Errorf("%v is not within %v to %v", at, s.T0, s.T1)
		}
	}
	reason := eval[string](w, "faultline.scene.violation(faultline.state).reason")
	if panel := eval[string](w, "document.querySelector('.panel').textContent"); !strings.Contains(panel, reason) {
		t.Errorf("the panel does not say %q: %s", reason, panel)
	}
	w.quiet()
}

func TestBrowserZoomsAndPans(t *testing.T) {
	w := openSample(t)
	before := eval[viewState](w, state)
	w.key("+")
	zoomed := eval[viewState](w, state)
	if zoomed.T1-zoomed.T0 >= before.T1-before.T0 {
		t.Errorf("+ came from %+v to %+v", before, zoomed)
	}
	w.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("view").dispatchEvent(new WheelEvent("wheel", {deltaY: 300, clientX: 600, clientY: 400, cancelable: true, bubbles: true}))`))
	out := eval[viewState](w, state)
	if out.T1-out.T0 <= zoomed.T1-zoomed.T0 {
		t.Errorf("the wheel came from %+v to %+v", zoomed, out)
	}
	w.do(chromedp.MouseEvent("mousePressed", 700, 400, chromedp.ButtonLeft), chromedp.MouseEvent("mouseMoved", 600, 400, chromedp.ButtonLeft), chromedp.MouseEvent("mouseReleased", 600, 400, chromedp.ButtonLeft))
	dragged := eval[viewState](w, state)
	if dragged.T0 <= out.T0 && out.T1 < float64(small.length.Nanoseconds())*0.99 {
		t.Errorf("dragging came from %+v to %+v", out, dragged)
	}
	w.key("0")
	if all := eval[viewState](w, state); all.T0 != 0 || all.T1 < 0.9*float64(small.length) {
		t.Errorf("0 came to %+v", all)
	}
	w.quiet()
}

func TestBrowserSearches(t *testing.T) {
	w := openSample(t)
	wanted := eval[int](w, `[...faultline.data.process.keys()].filter(i => faultline.data.process[i] === 1 && faultline.data.name(i).startsWith("write")).length`)
	w.key("/")
	if at := eval[string](w, "document.activeElement.id"); at != "query" {
		t.Errorf("/ leads to %q", at)
	}
	w.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("query").value = ""`), chromedp.SendKeys(chromedp.CSS("#query"), "process=1 f=write type=ok\r"))
	got := eval[int](w, "faultline.matches")
	if got == 0 || got > wanted {
		t.Errorf("%d found, of %d", got, wanted)
	}
	chosen := eval[string](w, "faultline.data.sentence(faultline.state.operation)")
	if !strings.Contains(chosen, "process 1,") || !strings.HasPrefix(chosen, "write") {
		t.Errorf("chosen is %s", chosen)
	}
	if panel := eval[string](w, "document.querySelector('.panel').textContent"); !strings.Contains(panel, "Log of n2") {
		t.Errorf("the details lack the node's log: %s", panel)
	}
	for query, want := range map[string]string{"nonsense=1": "There is no field", "latency>fast": "A latency is"} {
		w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("faultline.setQuery(%q)", query)))
		if said := eval[string](w, "document.querySelector('.found').textContent"); !strings.HasPrefix(said, want) {
			t.Errorf("%s: %s", query, said)
		}
	}
	w.quiet()
}

func TestBrowserSteps(t *testing.T) {
	w := openSample(t)
	steps := eval[int](w, "faultline.scene.attempts[0].orders[0].length")
	w.key(strings.Repeat(".", steps+2))
	if s := eval[viewState](w, state); s.Step != steps {
		t.Errorf("at %+v, of %d steps", s, steps)
	}
	panel := eval[string](w, "document.querySelector('.panel').textContent")
	last := eval[string](w, "faultline.scene.attempts[0].orders[0].at(-1).state")
	if !strings.Contains(panel, "Stuck.") || !strings.Contains(panel, "holds "+last) {
		t.Errorf("the panel does not tell where it is stuck: %s", panel)
	}
	w.key(",")
	if s := eval[viewState](w, state); s.Step != steps-1 {
		t.Errorf("a step back leads to %+v", s)
	}
	w.quiet()
}

// A link leads to the same view.
func TestBrowserFollowsALink(t *testing.T) {
	w := openSample(t)
	w.key("..lm")
	w.do(chromedp.Evaluate[chromedp.Void](`faultline.zoom(0.37); faultline.state.scroll = 20; faultline.setQuery("key=k1"); faultline.save()`))
	before := eval[json.RawMessage](w, state)
	address := eval[string](w, "location.href")
	w.do(chromedp.Navigate("about:blank"))
	w.visit(address)
	if after := eval[json.RawMessage](w, state); string(after) != string(before) {
		t.Errorf("%s leads to\n%s and not to\n%s", address, after, before)
	}
	w.quiet()
}

// What a click on a bar or on a dot chooses is what is drawn there.
func TestBrowserClicksChoose(t *testing.T) {
	w := openSample(t)
	w.key("\x1b") // leaves the violation
	w.do(chromedp.Evaluate[chromedp.Void]("faultline.setWindow(8e9, 9e9)"))
	for _, place := range []string{
		`(() => { const f = faultline.frame, l = f.layout.lanes, lanes = faultline.scene.lanes(f.state.lanes); const row = f.data.firstFrom((f.state.t0 + f.state.t1) / 2);
			return [row, (f.x(f.data.invoke[row]) + f.x(f.data.stop(row))) / 2, l.top + (lanes.laneOf[row] + 0.5) * l.rowHeight - f.state.scroll]; })()`,
		`(() => { const f = faultline.frame; const row = f.data.firstFrom((2 * f.state.t0 + f.state.t1) / 3); const l = f.layout.latency;
			return [row, f.x(f.data.invoke[row]), l.top + l.height - f.scene.latencyShare(row) * l.height]; })()`,
	} {
		w.do(chromedp.Evaluate[chromedp.Void]("faultline.paintNow()"))
		at := eval[[3]float64](w, place)
		corner := eval[[2]float64](w, `(() => { const r = document.getElementById("view").getBoundingClientRect(); return [r.left, r.top]; })()`)
		w.do(chromedp.MouseClickXY(corner[0]+at[1], corner[1]+at[2]))
		if s := eval[viewState](w, state); s.Operation != int(at[0]) {
			t.Errorf("a click at %.0f, %.0f chooses %d and not %.0f", at[1], at[2], s.Operation, at[0])
		}
	}
	w.quiet()
}

// The keyboard alone reaches everything.
func TestBrowserKeyboard(t *testing.T) {
	w := openSample(t)
	w.key("n")
	if s := eval[viewState](w, state); s.Operation < 0 {
		t.Errorf("n chooses nothing: %+v", s)
	}
	first := eval[viewState](w, state).Operation
	w.key("]")
	w.key("j")
	if s := eval[viewState](w, state); s.Operation == first {
		t.Error("] and j stay where they are")
	}
	said := eval[string](w, `document.getElementById("said").textContent`)
	if !strings.Contains(said, "process") {
		t.Errorf("said is %q", said)
	}
	w.key("m)h")
	if s := eval[viewState](w, state); !s.Messages || s.Message < 0 || !s.Cone {
		t.Errorf("no message is chosen: %+v", s)
	}
	if panel := eval[string](w, "document.querySelector('.panel').textContent"); !strings.Contains(panel, "The rest happened beside it") {
		t.Errorf("the panel does not tell of its past and future: %s", panel)
	}
	w.key("p")
	if s := eval[viewState](w, state); s.Plots {
		t.Error("p leaves the plots")
	}
	w.key("?")
	if !eval[bool](w, `document.querySelector("dialog").open`) {
		t.Error("? does not show the keys")
	}
	w.key("\x1b")
	w.key("t")
	if theme := eval[string](w, "document.documentElement.dataset.theme"); theme != "light" {
		t.Errorf("t chooses the theme %q", theme)
	}
	focused := map[string]bool{}
	for range 40 {
		w.key("\t")
		focused[eval[string](w, `document.activeElement.id || document.activeElement.title || document.activeElement.tagName`)] = true
	}
	for _, id := range []string{"query", "view", "panel", "zoom in (+)", "tab-run"} {
		if !focused[id] {
			t.Errorf("the tabulator does not come to %s, but to %v", id, focused)
		}
	}
	w.quiet()
}

// The order of a valid key is shown as points that keep it.
func TestBrowserLinearization(t *testing.T) {
	w := openSample(t)
	key := eval[string](w, `faultline.data.keys.values.map(v => faultline.data.text(v)).find(k => !faultline.data.meta.violations.some(v => v.key === k))`)
	w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("faultline.showOrder(%q)", key)))
	points := eval[[]struct {
		Row   int
		Point float64
	}](w, fmt.Sprintf("faultline.scene.orderOf(%q)", key))
	if len(points) < 100 {
		t.Fatalf("%d operations have a point", len(points))
	}
	if panel := eval[string](w, "document.querySelector('.panel').textContent"); !strings.Contains(panel, fmt.Sprintf("Linearization of key %s", key)) || !strings.Contains(panel, fmt.Sprint(len(points))) {
		t.Errorf("the panel says %s", panel)
	}
	before := 0.0
	for _, p := range points {
		span := eval[[2]float64](w, fmt.Sprintf("[faultline.data.invoke[%d], faultline.data.stop(%d)]", p.Row, p.Row))
		if p.Point < before || p.Point < span[0] || p.Point > span[1] {
			t.Fatalf("the point of operation %d is %v, in %v, after %v", p.Row, p.Point, span, before)
		}
		before = p.Point
		if p.Point > 5e9 {
			break // a call for each takes its time
		}
	}
	w.quiet()
}
