//go:build browser

package viewer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// openSkewed shows the run whose violation is a cycle.
func openSkewed(t testing.TB) *window {
	t.Helper()
	w := open(t, 1400, 860)
	root := t.TempDir()
	w.visit(runAddress(t, served(t, root), root, skewed(t, root)))
	return w
}

// told is the sentence below the graph.
const told = `document.querySelector(".told p").textContent`

// standsOut lists the rows that stand out on the axis of time.
const standsOut = `[0, 1, 2, 3, 4].filter(faultline.scene.strong(faultline.state))`

// lit lists the boxes of the graph that stand out, and the arrow.
const lit = `[...document.querySelectorAll(".cycle .box.lit, .cycle .arrow.lit")].map(e => e.dataset.operation ?? "step " + e.dataset.step)`

// An arrow that one points at tells its reason, and its two operations stand out in the graph and on the axis.
func TestBrowserPointsAtAnArrow(t *testing.T) {
	w := openSkewed(t)
	if said := eval[string](w, told); !strings.Contains(said, "Point at one") {
		t.Errorf("before anyone points at an arrow, it says %q", said)
	}
	label := eval[[2]float64](w, `(() => { const b = document.querySelector('.cycle .label[data-step="1"]').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()`)
	w.do(chromedp.MouseEvent("mouseMoved", label[0], label[1]))
	if said := eval[string](w, told); !strings.Contains(said, "T3 saw T2's 1 in x") {
		t.Errorf("at the arrow it says %q", said)
	}
	if rows := eval[[]int](w, standsOut); fmt.Sprint(rows) != "[2 3]" {
		t.Errorf("the rows %v stand out on the axis", rows)
	}
	if got := eval[[]string](w, lit); fmt.Sprint(got) != "[1 2 step 1]" {
		t.Errorf("in the graph, %v stand out", got)
	}
	if lines := eval[[]string](w, `[...document.querySelectorAll(".cycle .about.lit")].map(e => e.textContent)`); fmt.Sprint(lines) != "[append x 1 r x → [1]]" {
		t.Errorf("of what they did, %q stands out", lines)
	}
	w.do(chromedp.MouseEvent("mouseMoved", 1390, 850))
	if said := eval[string](w, told); !strings.Contains(said, "Point at one") {
		t.Errorf("when the pointer has gone, it still says %q", said)
	}
	w.do(chromedp.MouseClickXY(label[0], label[1]))
	s := eval[viewState](w, state)
	if s.Arrow != 1 || s.T0 > 501e6 || s.T1 < 900e6 || s.T1 > 1500e6 {
		t.Errorf("a click leads to %+v", s)
	}
	w.do(chromedp.Evaluate[chromedp.Void]("faultline.save()"))
	address := eval[string](w, "location.href")
	w.do(chromedp.Navigate("about:blank"))
	w.visit(address)
	if again := eval[viewState](w, state); again != s {
		t.Errorf("%s leads to %+v and not to %+v", address, again, s)
	}
	w.quiet()
}

// The keyboard alone goes round the cycle.
func TestBrowserCycleByKeyboard(t *testing.T) {
	w := openSkewed(t)
	for range 30 {
		if eval[bool](w, `document.activeElement.matches(".cycle .label")`) {
			break
		}
		w.key("\t")
	}
	if said := eval[string](w, told); !strings.Contains(said, "T1 read x before T2 appended 1") {
		t.Fatalf("the tabulator comes to %q", said)
	}
	w.do(chromedp.KeyEvent("\u0303")) // right
	if said := eval[string](w, told); !strings.Contains(said, "T3 saw T2's 1 in x") || eval[string](w, `document.activeElement.getAttribute("aria-label")`) != "2. T3 saw T2's 1 in x" {
		t.Errorf("→ leads to %q", said)
	}
	w.key("\r")
	if s := eval[viewState](w, state); s.Arrow != 1 {
		t.Errorf("Enter leads to %+v", s)
	}
	w.key("\x1b")
	if s := eval[viewState](w, state); s.Arrow != -1 || s.Violation != 0 {
		t.Errorf("Escape leads to %+v", s)
	}
	for _, step := range []struct {
		keys string
		want int
	}{{".", 0}, {",", 2}, {"..", 1}} {
		w.key(step.keys)
		if s := eval[viewState](w, state); s.Arrow != step.want {
			t.Errorf("%s leads to arrow %d and not to %d", step.keys, s.Arrow, step.want)
		}
	}
	w.key("g")
	if eval[bool](w, `document.querySelector(".cycle-pane").getClientRects().length > 0`) {
		t.Error("g leaves the graph")
	}
	w.key("g")
	w.quiet()
}

// The panel has the reasons as a list, in order, and a click on one goes there.
func TestBrowserListsReasons(t *testing.T) {
	w := openSkewed(t)
	list := eval[[]string](w, `[...document.querySelectorAll(".panel ol.reasons li")].map(e => e.textContent)`)
	want := []string{"rw x T1 read x before T2 appended 1 to it", "wr x T3 saw T2's 1 in x", "rw y T3 did not see T1's 1 in y"}
	if fmt.Sprint(list) != fmt.Sprint(want) {
		t.Errorf("the list is %q", list)
	}
	w.do(chromedp.Click(chromedp.CSS(`.reasons [data-step="2"]`)))
	if s := eval[viewState](w, state); s.Arrow != 2 {
		t.Errorf("a click leads to %+v", s)
	}
	w.do(chromedp.Click(chromedp.CSS(`.cycle .box[data-operation="2"]`)))
	if s := eval[viewState](w, state); s.Operation != 3 {
		t.Errorf("a click on a box chooses %+v", s)
	}
	w.quiet()
}

// The graph scrolls by itself where the window is narrow.
func TestBrowserCycleOnANarrowScreen(t *testing.T) {
	w := open(t, 390, 800)
	root := t.TempDir()
	w.visit(runAddress(t, served(t, root), root, skewed(t, root)))
	fits(w, "with a graph")
	w.quiet()
}

// Bars and details have transactions as they are written in the field, whatever the history is written in.
func TestBrowserNamesTransactions(t *testing.T) {
	w := openSkewed(t)
	if names := eval[[]string](w, "[0, 1, 3].map(row => faultline.data.name(row))"); strings.Join(names, "; ") != "r x → null; r x → null, append y 1; r x → [1], r y → []" {
		t.Errorf("%q", names)
	}
	names := eval[[]string](w, `["[[:r 5 [1 2 3 4 5 6]] [:append 5 7]]", '[["r","x y",null],["scan","a",{"a]1":3}]]', '[["r","x",[1,2…', "[1 2]", "7"].map(value => {
		const d = Object.create(faultline.data), texts = ["", "txn", value];
		Object.assign(d, { f: [1], input: [4], output: [4], outcome: [0], text: n => texts[n], value: coded => texts[coded >>> 1] }); return d.name(0); })`)
	if strings.Join(names, "; ") != `r 5 → [… 3 4 5 6], append 5 7; r x y → null, scan a → {"a]1":3}; …; txn [1 2] → [1 2]; txn 7 → 7` {
		t.Errorf("%q", names)
	}
	w.quiet()
}

// A violation that is no cycle has no graph.
func TestBrowserWithoutACycle(t *testing.T) {
	w := openSample(t)
	w.key("gg")
	if n := eval[int](w, `[...document.querySelectorAll("svg.cycle, .cycle-pane, .reasons")].filter(e => e.getClientRects().length > 0).length`); n != 0 {
		t.Errorf("%d parts of a graph are shown", n)
	}
	w.quiet()
}
