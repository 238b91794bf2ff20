//go:build browser

package viewer_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
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
	w.painted()
}

// painted waits until what was done is on the screen: a page paints in the next frame, and what is asked of its layout before that is
// about the last one.
func (w *window) painted() {
	w.t.Helper()
	decoded[bool](w, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done('true'))))")
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
	Arrow                                                int
	Messages, Cone, Plots, Graph                         bool
	Linearization                                        *string
}
