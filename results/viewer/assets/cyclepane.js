import { button, el, fill } from "./dom.js";
import { brief } from "./format.js";
import { drawCycle, lightCycle } from "./cyclegraph.js";
import { toggle } from "./keyboard.js";

const leastScale = 0.8; // smaller words cannot be read: it scrolls instead
const mostHeight = 0.46; // of the window
const leastHeight = 170; // px, where a window is low

// cyclePane shows the cycle of the violation that is looked at, above the axis of time, and the sentence of the arrow that one points at.
export function cyclePane(app) {
  const paper = el("div", { class: "paper" });
  const sentence = el("p", { "aria-live": "polite" });
  const close = button("×", "hide the graph (g)", () => toggle(app, "graph"), { "aria-label": "hide the graph" });
  const pane = el("section", { class: "cycle-pane", "aria-label": "Graph of the violation", hidden: true }, paper, el("div", { class: "told" }, sentence, close));
  const on = { point: (step) => app.pointAt(step), choose: (step) => app.showArrow(step), operation: (position) => selectPosition(app, position) };
  let shown = null, graph = null;
  app.onChange(() => {
    const cycle = app.state.graph ? app.scene.cycle(app.state) : null;
    pane.hidden = !cycle;
    if (cycle !== shown) {
      shown = cycle;
      graph = cycle && drawCycle(cycle, on);
      fill(paper, graph);
      fitCycle(pane, graph, cycle);
      paper.scrollTo(0, 0);
    }
    if (!cycle) return;
    const arrow = app.scene.arrow(app.state);
    lightCycle(graph, arrow);
    lightReasons(arrow);
    if (arrow && !paper.matches(":hover")) revealArrow(graph, arrow);
    fill(sentence, ...told(arrow));
  });
  pane.addEventListener("keydown", (e) => turnByArrow(pane, e));
  new ResizeObserver(() => fitCycle(pane, graph, shown)).observe(pane);
  return pane;
}

// revealArrow scrolls to an arrow and to what it leads to.
function revealArrow(graph, arrow) {
  const ends = [arrow.from, arrow.to].map((position) => `.box[data-operation="${position}"]`);
  for (const end of [...ends, `.label[data-step="${arrow.step}"]`]) graph.querySelector(end).scrollIntoView({ block: "nearest", inline: "nearest" });
}

// lightReasons shows which of the sentences in the panel is about the arrow.
function lightReasons(arrow) {
  for (const e of document.querySelectorAll(".reasons [data-step]")) e.classList.toggle("lit", arrow !== null && Number(e.dataset.step) === arrow.step);
}

// fitCycle makes a drawing smaller if that shows all of it.
function fitCycle(pane, graph, cycle) {
  if (!cycle) return;
  const [paper, foot] = pane.children;
  const room = Math.min(paper.clientWidth / cycle.width, (mostHeight * innerHeight) / cycle.height);
  const scale = Math.max(leastScale, Math.min(1, room));
  graph.setAttribute("width", cycle.width * scale);
  graph.setAttribute("height", cycle.height * scale);
  pane.style.minHeight = `${Math.min(leastHeight, cycle.height * scale) + foot.offsetHeight + 1}px`;
}

function told(arrow) {
  if (!arrow) return [el("span", { class: "note" }, "Each arrow leads to what would have to come later. Point at one for the reason, and click to go there.")];
  return [el("b", { class: "number" }, String(arrow.label.number)), " ", el("bdi", {}, brief(arrow.sentence, 1000))];
}

function selectPosition(app, position) {
  const o = app.scene.violation(app.state).operations.find((x) => x.position === position);
  if (o) app.select(o.row, true);
}

// turnByArrow leads the focus round the cycle.
function turnByArrow(pane, e) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
  const labels = [...pane.querySelectorAll(".label")];
  const at = labels.indexOf(document.activeElement);
  if (!by || at < 0) return;
  e.preventDefault();
  e.stopPropagation();
  labels[(at + by + labels.length) % labels.length].focus();
}
