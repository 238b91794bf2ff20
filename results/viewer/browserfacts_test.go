//go:build browser

package viewer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Lanes, tooltips and details have the term of the moment, though no role changed with it, and details how far nodes were then.
func TestBrowserTellsWhatNodesWere(t *testing.T) {
	w := openSample(t)
	// n3 follows all the time until it is down, in term 2 and then in term 3.
	terms := eval[[]int](w, "[0.1, 0.29, 0.32, 0.49].map(share => faultline.scene.nodes.segment(2, share * faultline.data.end).term)")
	if fmt.Sprint(terms) != "[2 2 3 3]" {
		t.Errorf("the terms of n3: %v", terms)
	}
	row := eval[int](w, "faultline.data.firstFrom(0.45 * faultline.data.end)")
	w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("faultline.select(%d)", row)))
	grid := eval[[][]string](w, `[...document.querySelectorAll(".panel .grid tr")].map(tr => [...tr.children].map(c => c.textContent))`)
	want := eval[[]string](w, fmt.Sprintf(`(() => { const n = faultline.scene.nodes, at = faultline.data.ret[%d], s = n.segment(2, at), p = n.sample(2, at);
		return ["n3", s.role, s.term, p.last, p.commit, p.applied, p.snapshot].map(String); })()`, row))
	if len(grid) != 4 || strings.Join(grid[0], " ") != "node role term log committed applied snapshot" || strings.Join(grid[3], " ") != strings.Join(want, " ") || want[2] != "3" {
		t.Errorf("the details of row %d have %q, and n3 was %q", row, grid, want)
	}
	if cut := eval[int](w, `(() => { const s = document.querySelector(".panel .scroll"); return s.scrollWidth - s.clientWidth; })()`); cut > 0 {
		t.Errorf("%d px of the table of nodes are cut off", cut)
	}
	// While it is down nothing is known of its log.
	if known := eval[bool](w, "faultline.scene.nodes.sample(2, 0.55 * faultline.data.end) !== null"); known {
		t.Error("a node that is down has applied something")
	}
	w.quiet()
}

// A click on a fault shows it, and Escape lets it go.
func TestBrowserShowsAFault(t *testing.T) {
	w := openSample(t)
	w.key("0")
	at := eval[[2]float64](w, `(() => { const f = faultline.frame, l = f.layout.faults, box = faultline.canvas.getBoundingClientRect();
		const i = faultline.scene.faultLanes.findIndex(lane => lane.kind === "partition"), fault = faultline.scene.faultLanes[i].faults[0];
		return [box.x + f.x((fault.begin + fault.end) / 2), box.y + l.top + (i + 0.5) * l.rowHeight]; })()`)
	w.do(chromedp.MouseClickXY(at[0], at[1]))
	panel := eval[string](w, `document.querySelector(".panel").textContent`)
	for _, word := range []string{"partition", "from", "lasts", "n1"} {
		if !strings.Contains(panel, word) {
			t.Errorf("the panel lacks %q: %s", word, panel)
		}
	}
	w.do(chromedp.KeyEvent("\x1b"))
	if fault := eval[int](w, "faultline.state.fault"); fault != -1 {
		t.Errorf("Escape leaves fault %d", fault)
	}
	w.quiet()
}

// A tooltip is about what is under the pointer, and goes when something else comes to be there.
func TestBrowserTips(t *testing.T) {
	w := openSample(t)
	const place = `(() => { const f = faultline.frame, l = f.layout.involved, box = faultline.canvas.getBoundingClientRect();
		const o = faultline.scene.involvedRows(faultline.state)[0];
		return [box.x + f.x(faultline.data.invoke[o.row]) + 1, box.y + l.top + l.rowHeight / 2, box.x + f.right - 2]; })()`
	at := eval[[3]float64](w, place)
	hidden := func() bool { return eval[bool](w, `document.querySelector(".tip")?.hidden ?? true`) }
	w.do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
	if hidden() {
		t.Error("there is no tooltip at an operation")
	}
	w.key("+")
	if !hidden() {
		t.Error("the tooltip stays while the picture is zoomed")
	}
	w.key("0")
	at = eval[[3]float64](w, place)
	w.do(chromedp.MouseEvent("mouseMoved", at[2], at[1]))
	if !hidden() {
		t.Errorf("far from an operation, in its line, there is a tooltip: %s", eval[string](w, `document.querySelector(".tip").textContent`))
	}
	w.quiet()
}

// Lanes say whose they are in full, at the time that is shown.
func TestBrowserNamesLanes(t *testing.T) {
	w := openSample(t)
	for _, keys := range []string{"0", "++++++"} {
		w.key(keys)
		wrong := eval[[]string](w, `(() => { const { data, state, scene } = faultline, lanes = scene.lanes("process"), wrong = [];
			for (let lane = 0; lane < lanes.count; lane++) {
				const label = lanes.label(lane, state.t0, state.t1);
				const seen = [...lanes.rows.subarray(lanes.starts[lane], lanes.starts[lane + 1])].filter(r => data.invoke[r] <= state.t1 && data.stop(r) >= state.t0);
				const first = seen.length && data.process[seen[0]];
				if (label.includes("…") || seen.length && !label.startsWith("process " + first)) wrong.push(label);
			}
			return wrong; })()`)
		if len(wrong) > 0 {
			t.Errorf("labels of lanes: %q", wrong)
		}
	}
	w.quiet()
}

// The verdict, its sentence and the operations that show it are on the screen, however narrow that is, and nothing is cut off.
func TestBrowserOnNarrowScreens(t *testing.T) {
	for _, size := range [][2]int{{600, 850}, {390, 800}} {
		w := open(t, size[0], size[1])
		root := t.TempDir()
		w.visit(runAddress(t, served(t, root), root, small.write(t, root)))
		for _, part := range []string{".verdict", "h1"} {
			if bottom := eval[float64](w, fmt.Sprintf("document.querySelector(%q).getBoundingClientRect().bottom", part)); bottom > float64(size[1]) {
				t.Errorf("at %v, %s ends at %v", size, part, bottom)
			}
		}
		cut := eval[bool](w, `(() => { const h = document.querySelector("h1"); return h.scrollWidth > h.clientWidth || h.scrollHeight > h.clientHeight + 1; })()`)
		if cut {
			t.Errorf("at %v the sentence is cut off", size)
		}
		lines := eval[float64](w, "faultline.canvas.getBoundingClientRect().top + faultline.frame.layout.involved.top + faultline.frame.layout.involved.height")
		if lines > float64(size[1]) {
			t.Errorf("at %v the operations of the violation end at %v", size, lines)
		}
		if least := eval[[2]float64](w, "[faultline.frame.layout.least, faultline.canvas.clientHeight]"); least[0] > least[1]+1 {
			t.Errorf("at %v the picture needs %v and has %v", size, least[0], least[1])
		}
		w.do(chromedp.Evaluate[chromedp.Void]("faultline.select(faultline.scene.involvedRows(faultline.state)[0].row)"))
		for _, tab := range []string{"details", "run", "violation"} {
			w.do(chromedp.Click(chromedp.CSS("#tab-" + tab)))
			fits(w, fmt.Sprintf("at %v, %s", size, tab))
		}
		w.quiet()
	}
}

// fits checks that a page is no wider than its window, and that a table that is scrolls by itself.
func fits(w *window, what string) {
	w.t.Helper()
	if over := eval[float64](w, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		w.t.Errorf("%s: the page is %v px wider than the window", what, over)
	}
	if n := eval[int](w, `[...document.querySelectorAll("table")].filter(t => t.getClientRects().length > 0 && !t.closest(".scroll") && t.getBoundingClientRect().right > innerWidth + 1).length`); n > 0 {
		w.t.Errorf("%s: %d tables are cut off", what, n)
	}
}

// The legend says what every mark means, and settings are in their units.
func TestBrowserLegend(t *testing.T) {
	w := openSample(t)
	w.key("?")
	legend := eval[string](w, `document.querySelector("dialog[open]").textContent`)
	for _, word := range []string{"triangle", "thin lines", "same colour behind", "red outline", "message: votes"} {
		if !strings.Contains(legend, word) {
			t.Errorf("the legend lacks %q", word)
		}
	}
	w.do(chromedp.KeyEvent("\x1b"), chromedp.Click(chromedp.CSS("#tab-run")))
	if run := eval[string](w, `document.querySelector(".panel").textContent`); !strings.Contains(run, "time_limit20s") {
		t.Errorf("the settings are not in their units: %s", run)
	}
	w.quiet()
}

// A result that equals the argument is told, unless it is only the argument once more.
func TestBrowserTellsResults(t *testing.T) {
	w := openSample(t)
	names := eval[[]string](w, `["swap", "write"].map(f => { const d = Object.create(faultline.data), texts = ["", f, "[1 2]"];
		Object.assign(d, { f: [1], input: [4], output: [4], outcome: [0], text: n => texts[n], value: coded => texts[coded >>> 1] }); return d.name(0); })`)
	if strings.Join(names, "; ") != "swap [1 2] → [1 2]; write [1 2]" {
		t.Errorf("%q", names)
	}
	w.quiet()
}

// Where a message begins is the time by the clock of its sender, unless the clocks that it bears are those of another node, and its
// details say what they all showed.
func TestBrowserShowsClocks(t *testing.T) {
	w := openSample(t)
	times := eval[[]string](w, "[...faultline.scene.messages.id.keys()].slice(0, 4).map(i => faultline.scene.messages.time(i))")
	if got := strings.Join(times, ","); got != "L 2,,," {
		t.Errorf("the times of the first messages are %q", got)
	}
	for i, want := range map[int]string{0: "n1: L 2, V n1:2", 2: "n2: L 4, V n1:4"} {
		w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("faultline.selectMessage(%d)", i)))
		if panel := eval[string](w, `document.querySelector(".panel").textContent`); !strings.Contains(panel, want) {
			t.Errorf("the details of message %d lack %q: %s", i, want, panel)
		}
	}
	w.quiet()
}
