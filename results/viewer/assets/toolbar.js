import { button, el } from "./dom.js";
import { grouped } from "./format.js";
import { FAIL, INFO, OK, outcomeNames } from "./rundata.js";
import { toggle, toggleLanes } from "./keyboard.js";
import { toggleHelp } from "./help.js";
import { nextTheme } from "./theme.js";

const searchDelay = 150; // ms

// makeToolbar makes the row of controls. Each has a key as well.
export function makeToolbar(app) {
  const query = el("input", { id: "query", type: "search", placeholder: "key=k3 process=7 value=5 type=info", "aria-label": "Search operations", spellcheck: "false", autocomplete: "off" });
  let timer = 0;
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => app.setQuery(query.value), searchDelay);
  });
  query.addEventListener("keydown", (e) => {
    if (e.key === "Enter") {
      clearTimeout(timer);
      if (query.value !== app.state.query) app.setQuery(query.value);
      if (app.scene.violation(app.state)) app.showViolation(-1);
      app.next(e.shiftKey ? -1 : 1);
    }
    if (e.key === "Escape") app.canvas.focus();
  });
  const found = el("output", { class: "found", for: "query" });
  const only = el("input", { type: "checkbox", id: "only" });
  only.addEventListener("change", () => refilter(app, () => (app.state.only = only.checked)));
  const outcomes = [OK, FAIL, INFO].map((o) => outcomeButton(app, o));
  const lanes = button("", "lanes by process or by key (l)", () => toggleLanes(app));
  const messages = button("messages", "messages between the nodes (m)", () => toggle(app, "messages"));
  messages.hidden = app.scene.messages.count === 0;
  const graph = button("graph", "graph of the violation (g)", () => toggle(app, "graph"));
  const plots = button("plots", "plots of rate and latency (p)", () => toggle(app, "plots"));
  plots.hidden = app.data.meta.untimed;
  const bar = el("div", { class: "toolbar", role: "toolbar", "aria-label": "View" },
    query, el("label", {}, only, " only these"), found,
    el("span", { class: "group" }, ...outcomes), lanes, graph, messages, plots,
    button("−", "zoom out (-)", () => app.zoom(1 / 0.6)), button("+", "zoom in (+)", () => app.zoom(0.6)), button("all", "the whole run (0)", () => app.setWindow(0, app.data.end)),
    button("◐", "theme (t)", () => nextTheme(), { "aria-label": "theme" }), button("legend", "legend and keys (?)", () => toggleHelp()));
  app.onChange(() => {
    const { state } = app;
    if (document.activeElement !== query) query.value = state.query;
    only.checked = state.only;
    found.textContent = app.searchError || (state.query ? `${grouped(app.matches)} found` : "");
    found.classList.toggle("error", app.searchError !== "");
    lanes.textContent = `lanes: ${state.lanes}`;
    messages.setAttribute("aria-pressed", String(state.messages));
    graph.hidden = !app.scene.cycle(state);
    graph.setAttribute("aria-pressed", String(state.graph));
    plots.setAttribute("aria-pressed", String(state.plots));
    outcomes.forEach((b, o) => b.setAttribute("aria-pressed", String(!state.hidden[o])));
  });
  return bar;
}

// outcomeButton shows or hides what ended so; it is the legend too.
function outcomeButton(app, outcome) {
  const b = button("", `show what ended in ${outcomeNames[outcome]}`, () => refilter(app, () => (app.state.hidden[outcome] = !app.state.hidden[outcome])));
  b.append(el("span", { class: "shape " + outcomeNames[outcome] }), outcomeNames[outcome]);
  return b;
}

function refilter(app, change) {
  change();
  app.applyQuery();
  app.changed();
}
