import { loadContainer } from "./container.js";
import { RunData } from "./rundata.js";
import { Scene } from "./scene.js";
import { App } from "./app.js";
import { makeToolbar } from "./toolbar.js";
import { connectMinimap, connectPointer } from "./input.js";
import { connectKeyboard, keyTable } from "./keyboard.js";
import { makeHelp } from "./help.js";
import { violationPanel } from "./panelviolation.js";
import { detailsPanel } from "./paneldetails.js";
import { keepFiles, runPanel } from "./panelrun.js";
import { cyclePane } from "./cyclepane.js";
import { readTheme, rememberedTheme, setTheme } from "./theme.js";
import { el, fill } from "./dom.js";
import { brief, clockTime, visible } from "./format.js";
import { fromHash } from "./viewstate.js";

setTheme(rememberedTheme());
start().catch((error) => {
  const main = document.getElementById("viewer") || document.body;
  document.querySelector(".loading")?.remove();
  const why = visible(String(error.message || error).trim());
  main.append(el("div", { class: "damaged", role: "alert" }, el("h1", {}, "This run cannot be shown"), el("pre", {}, why)));
  console.warn(error.message);
});

async function start() {
  const begin = performance.now();
  const root = document.getElementById("viewer") || document.body.appendChild(el("main", { id: "viewer" }));
  keepFiles();
  const status = el("p", { class: "loading", role: "status" }, "Loading the run…");
  root.append(status);
  const scene = new Scene(new RunData(await loadContainer("scene")));
  const label = "Operations, faults and nodes over time. Press ? for the keys.";
  const canvas = el("canvas", { id: "view", tabindex: "0", role: "img", "aria-label": label, "aria-describedby": "said" });
  const minimap = el("canvas", { id: "minimap", "aria-hidden": "true" });
  const app = new App(scene, canvas, minimap);
  document.title = `${scene.data.meta.validity}: ${visible(scene.data.meta.title)} – Faultline`;
  makeHelp(keyTable, scene.messages.count > 0, scene.data.meta.violations.some((v) => v.cycle));
  fill(root, headline(app), makeToolbar(app), el("div", { class: "split" }, el("div", { class: "picture" }, cyclePane(app), canvas, minimap), makePanels(app)),
    el("p", { id: "said", class: "hidden", "aria-live": "polite" }));
  if (scene.data.meta.untimed) app.state.plots = false;
  app.onChange(say);
  connectPointer(app);
  connectMinimap(app);
  connectKeyboard(app);
  followSurroundings(app);
  app.open();
  app.paintNow();
  app.changed(); // now that it is known what is where
  window.faultline = app; // for whoever opens the console, and for tests
  canvas.focus({ focusVisible: false, preventScroll: true });
  app.openedAfter = performance.now() - begin;
  document.documentElement.dataset.ready = "scene";
  await analyze(app);
}

// analyze fetches what the checker takes some time for, and works without.
async function analyze(app) {
  try {
    const { meta, columns } = await loadContainer("analysis");
    app.scene.attempts = meta.attempts;
    app.scene.order = columns.get("op.order");
  } catch (error) {
    console.warn("no analysis: " + error.message);
  }
  document.documentElement.dataset.ready = "all";
  app.changed();
}

function headline(app) {
  const { meta } = app.data;
  return el("header", {}, document.getElementById("crumbs"),
    el("b", { class: "verdict " + meta.validity }, meta.validity), el("h1", {}, el("bdi", {}, brief(meta.reason, 400))));
}

// makePanels makes the panels beside the picture. Choosing an operation opens its details; leaving it, the verdict.
function makePanels(app) {
  const panels = [["violation", "Verdict", violationPanel], ["details", "Details", detailsPanel], ["run", app.data.meta.checked ? "History" : "Run", runPanel]];
  const tabs = el("div", { class: "tabs", role: "tablist" });
  const body = el("div", { class: "panel", role: "tabpanel", id: "panel", tabindex: "0" });
  let open = "violation", before = "", memo = "";
  const show = (id) => {
    open = id;
    memo = "";
    refresh();
  };
  const refresh = () => {
    const { operation, message, fault, violation, attempt, step, arrow, cone, linearization } = app.state;
    const chosen = `${operation},${message},${fault}`;
    if (chosen !== before) open = operation >= 0 || message >= 0 || fault >= 0 ? "details" : "violation";
    before = chosen;
    const now = [open, chosen, violation, attempt, step, arrow, cone, linearization, app.scene.order !== null].join();
    if (now === memo) return;
    memo = now;
    fill(tabs, ...panels.map(([id, name]) => tab(id, name, id === open, show)));
    const focused = body.contains(document.activeElement) ? focusPath(body) : -1;
    panels.find(([id]) => id === open)[2](app, body);
    if (focused >= 0) body.querySelectorAll("button, select")[focused]?.focus();
  };
  app.onChange(refresh);
  return el("aside", { "aria-label": "Explanation and details" }, tabs, body);
}

function tab(id, name, selected, show) {
  const attributes = { type: "button", role: "tab", id: "tab-" + id, "aria-selected": String(selected), "aria-controls": "panel" };
  return el("button", { ...attributes, onclick: () => show(id) }, name);
}

// focusPath is which control of a panel has the focus, so that a panel that is made anew keeps it.
function focusPath(body) {
  return [...body.querySelectorAll("button, select")].indexOf(document.activeElement);
}

// say tells those who cannot see the picture what is chosen.
function say(app) {
  const said = document.getElementById("said");
  const { operation, message, fault } = app.state;
  const text = operation >= 0 ? app.data.sentence(operation) : message >= 0 ? app.scene.messages.sentence(message) :
    fault >= 0 ? faultSentence(app.data.meta.faults[fault]) : "";
  if (said.textContent !== text) said.textContent = text;
}

function faultSentence(f) {
  return brief(`${f.kind} of ${f.subject}, from ${clockTime(f.begin, 1e6)} to ${clockTime(f.end, 1e6)}`);
}

// followSurroundings repaints when the window, the theme or the address changes.
function followSurroundings(app) {
  new ResizeObserver(() => app.paintNow()).observe(app.canvas); // before the browser shows the old picture stretched
  const retheme = () => {
    app.theme = readTheme();
    app.repaint();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme);
  new MutationObserver(retheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  addEventListener("hashchange", () => {
    const state = fromHash(location.hash, app.data.end);
    if (state) app.restore(state);
  });
}
