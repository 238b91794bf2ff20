//go:build browser

package viewer_test

import (
	"flag"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var scale = flag.Int("scale", 1_000_000, "operations of the run in TestBrowserScale")

// panning moves the view a little in every frame and notes when frames came and how long each took to paint.
const panning = `new Promise(done => {
	const times = [];
	faultline.paintTimes.length = 0;
	let n = 0;
	const frame = now => {
		times.push(now);
		if (++n > 180) return done(JSON.stringify({gaps: times.slice(1).map((t, i) => t - times[i]), paints: faultline.paintTimes}));
		faultline.pan(n % 60 < 30 ? 0.01 : -0.01);
		requestAnimationFrame(frame);
	};
	requestAnimationFrame(frame);
})`

// TestBrowserScale prints how long a large run takes to open, and how fast it pans at some zooms. It asserts what is drawn and not
// how fast, which is the machine's affair.
func TestBrowserScale(t *testing.T) {
	w := open(t, 1400, 860)
	root := t.TempDir()
	large := sample{operations: *scale, processes: 20, keys: 100, length: time.Hour, stale: 1}
	dir := large.write(t, root)
	address := runAddress(t, served(t, root), root, dir)
	begin := time.Now()
	w.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS(`html[data-ready]`)))
	opened := time.Since(begin)
	if n := eval[int](w, "faultline.data.count"); n < *scale*9/10 {
		t.Fatalf("%d operations are shown", n)
	}
	parts := eval[[2]float64](w, `[performance.getEntriesByType("resource").find(e => e.name.includes("/scene/")).duration, faultline.openedAfter]`)
	t.Logf("%d operations: open after %v, of which the server took %.0f ms and all in the page %.0f ms", *scale, opened.Round(time.Millisecond), parts[0], parts[1])
	w.do(chromedp.WaitReady(chromedp.CSS(`html[data-ready="all"]`)))
	t.Logf("orders and attempts are there after %v", time.Since(begin).Round(time.Millisecond))
	for _, zoom := range []struct{ name, do string }{
		{"the violation", "0"},
		{"the whole run", "faultline.showViolation(-1); faultline.setWindow(0, faultline.data.end)"},
		{"ten minutes", "faultline.setWindow(6e11, 12e11)"},
		{"a minute", "faultline.setWindow(6e11, 6.6e11)"},
		{"ten seconds", "faultline.setWindow(6e11, 6.1e11)"},
		{"a second", "faultline.setWindow(6e11, 6.01e11)"},
		{"a minute by key", "faultline.state.lanes = 'key'; faultline.setWindow(6e11, 6.6e11)"},
		{"ten minutes by key", "faultline.setWindow(6e11, 12e11)"},
		{"a minute, searching", "faultline.state.lanes = 'process'; faultline.setQuery('key=k7'); faultline.setWindow(6e11, 6.6e11)"},
	} {
		w.do(chromedp.Evaluate[chromedp.Void](zoom.do), chromedp.Evaluate[chromedp.Void]("faultline.paintNow()"))
		frames := decoded[struct{ Gaps, Paints []float64 }](w, panning)
		t.Logf("%-20s frames each %5.1f ms, 95 %% within %5.1f, at most %5.1f; painting takes %4.1f ms, 95 %% within %4.1f", zoom.name,
			quantile(frames.Gaps, 0.5), quantile(frames.Gaps, 0.95), quantile(frames.Gaps, 1), quantile(frames.Paints, 0.5), quantile(frames.Paints, 0.95))
		if colours := eval[int](w, colourCount); colours < 3 {
			t.Errorf("%s: the picture has %d colours", zoom.name, colours)
		}
	}
	w.quiet()
}

// colourCount counts the colours in a line through the lanes.
const colourCount = `(() => { const view = document.getElementById("view"), l = faultline.frame.layout;
	const copy = Object.assign(document.createElement("canvas"), {width: view.width, height: view.height}).getContext("2d", {willReadFrequently: true});
	copy.drawImage(view, 0, 0);
	return new Set(new Uint32Array(copy.getImageData(l.left, l.lanes.top, l.plot, Math.max(1, l.lanes.height)).data.buffer)).size; })()`

func quantile(values []float64, share float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(share*float64(len(sorted)-1))]
}
