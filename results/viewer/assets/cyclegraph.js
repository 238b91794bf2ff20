import { svg } from "./dom.js";
import { brief } from "./format.js";

// drawCycle draws what the server has laid out: a box for each operation and an arrow for each step. on has what happens to them:
// point(step), with -1 for none, choose(step), operation(position).
export function drawCycle(drawing, on) {
  return svg("svg", { class: "cycle", viewBox: `0 0 ${drawing.width} ${drawing.height}`, role: "group", "aria-label": "Which operation comes before which" },
    drawing.lanes.map((lane) => drawLane(lane, drawing.width)),
    drawing.boxes.map((box) => drawBox(box, on)),
    drawing.arrows.map((arrow) => drawArrow(arrow, on)),
    drawing.arrows.map((arrow) => drawArrowLabel(arrow, on)));
}

function drawLane(lane, width) {
  return svg("g", { class: "lane" }, svg("rect", { x: 0, y: lane.y, width, height: lane.height }), svg("text", { x: 12, y: lane.y + lane.height / 2 }, lane.label));
}

function drawBox(box, on) {
  const { x, y, width, height } = box;
  return svg("g", { class: `box${box.open ? " open" : ""}${box.aside ? " aside" : ""}`, "data-operation": box.operation, onclick: () => on.operation(box.operation) },
    svg("title", {}, brief(box.title, 500)), svg("rect", { x, y, width, height, rx: 5 }),
    box.lines.map((line) => svg("text", { x: line.x, y: line.y, class: line.name ? "name" : line.steps.length > 0 ? "about" : null, "data-steps": line.steps.join(" ") }, line.text)));
}

// drawArrow draws the line of an arrow, and an invisible one around it that is easier to point at.
function drawArrow(arrow, on) {
  return svg("g", { class: "arrow", "data-kind": arrow.kind, "data-step": arrow.step, ...pointing(arrow, on) },
    svg("path", { class: "reach", d: arrow.path }), svg("path", { class: "line", d: arrow.path }), svg("path", { class: "head", d: arrow.head }));
}

// drawArrowLabel draws the label of an arrow, which is the button that the keyboard comes to.
function drawArrowLabel(arrow, on) {
  const { number, text, x, y, width, height } = arrow.label;
  const byKey = (e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    on.choose(arrow.step);
  };
  return svg("g", { class: "label", role: "button", tabindex: -1, "aria-label": brief(`${number}. ${arrow.sentence}`, 500), "data-kind": arrow.kind, "data-step": arrow.step,
    ...pointing(arrow, on), onkeydown: byKey, onfocus: () => on.point(arrow.step), onblur: () => on.point(-1) },
  svg("rect", { x, y, width, height, rx: 9 }), svg("text", { x: x + width / 2, y: y + height / 2 }, svg("tspan", { class: "number" }, String(number)), " " + text));
}

function pointing(arrow, on) {
  return { onpointerenter: () => on.point(arrow.step), onpointerleave: () => on.point(-1), onclick: () => on.choose(arrow.step) };
}

// lightCycle shows which arrow is looked at, with its operations and what they did about it. The others step back, unless it is null.
export function lightCycle(graph, arrow) {
  const step = arrow ? arrow.step : -1;
  graph.classList.toggle("pointed", Boolean(arrow));
  for (const e of graph.querySelectorAll("[data-step]")) e.classList.toggle("lit", Number(e.dataset.step) === step);
  for (const e of graph.querySelectorAll(".box")) e.classList.toggle("lit", Boolean(arrow) && [arrow.from, arrow.to].includes(Number(e.dataset.operation)));
  for (const e of graph.querySelectorAll("[data-steps]")) e.classList.toggle("lit", e.dataset.steps.split(" ").includes(String(step)));
  const labels = [...graph.querySelectorAll(".label")];
  labels.forEach((e, i) => e.setAttribute("tabindex", i === Math.max(0, step) ? 0 : -1)); // the tabulator comes to one of them, arrow keys to the others
}
