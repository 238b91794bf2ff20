//go:build browser

package viewer_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the README's pictures in TestScreenshots")

// TestScreenshots makes the pictures in docs:
//
//	go test -tags browser -run Screenshots ./results/viewer -update
//
// They show a run of the program as it is, and the comparison of a few of its read levels.
func TestScreenshots(t *testing.T) {
	if !*update {
		t.Skip("-update writes the pictures")
	}
	browser(t)
	root := t.TempDir()
	run, comparison := campaignFor(t, root)
	server := served(t, root)
	for _, shot := range []struct{ file, address, do string }{
		{"violation.png", runAddress(t, server, root, run), "faultline.setStep(0, 9)"},
		{"nodes.png", runAddress(t, server, root, run), `(() => {
			const led = faultline.scene.nodes.segments.flat().filter(s => s.role === "leader" && s.begin > 4e9).map(s => s.begin)[0];
			faultline.showViolation(-1); faultline.state.messages = true; faultline.setWindow(led - 30e6, led + 30e6); })()`},
	} {
		w := open(t, 1280, 800)
		w.visit(shot.address)
		w.do(chromedp.Evaluate[chromedp.Void](shot.do))
		w.shoot(shot.file)
	}
	w := open(t, 1280, 900)
	w.do(chromedp.Navigate("file://" + filepath.Join(comparison, "compare.html")))
	w.shoot("compare.png")
}

// shoot writes what the window shows into docs.
func (w *window) shoot(file string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void]("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))", chromedp.EvalAwaitPromise))
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("..", "..", "docs", file), picture, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// campaignFor runs the program and returns a run that violates and a comparison, both below root.
func campaignFor(t *testing.T, root string) (run, comparison string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "faultline")
	if out, err := exec.Command("go", "build", "-o", program, "faultline/cmd/faultline").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	faultline := func(args ...string) {
		out, err := exec.Command(program, args...).CombinedOutput()
		if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() > 2) {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	faultline("run", "--read", "leader", "--trace", "--fail-fast", "--results", filepath.Join(root, "runs"), "--name", "leader")
	faultline("compare", "--levels", "readindex,leader,stale", "--nemesis", "partition,crash", "--test-count", "5", "--time-limit", "20s", "--results", filepath.Join(root, "compare"), "--name", "levels")
	runs, err := filepath.Glob(filepath.Join(root, "runs", "leader", "*", "verdict.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, verdict := range runs {
		b, err := os.ReadFile(verdict)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(`"picture"`)) {
			return filepath.Dir(verdict), filepath.Join(root, "compare", "levels")
		}
	}
	t.Fatal("no run that violates was kept")
	return "", ""
}
