import { button, el, fill, longBlock } from "./dom.js";
import { brief, clockTime, duration, grouped, visible } from "./format.js";

// runPanel shows what was run and found, and the files and keys there are. It does not change with the view.
export function runPanel(app, panel) {
  const { meta } = app.data;
  const field = (name, value) => (value ? el("tr", {}, el("th", { scope: "row" }, brief(name, 60)), el("td", {}, longBlock(value, visible))) : null);
  fill(panel,
    el("h2", {}, visible(meta.title)),
    ...meta.parts.map((p) => el("p", { class: "part" }, el("b", { class: p.validity }, p.validity), " ", el("b", {}, brief(p.name, 60)), " ", el("bdi", {}, brief(p.reason, 1000)), p.opinion ? `; ${p.opinion}` : "")),
    meta.untimed ? el("p", { class: "note" }, "The history has no times: each event is drawn a millisecond after the one before.") : null,
    meta.schedule_edited ? el("p", { class: "unknown" }, "schedule.txt was edited since: it is not what this run carried out.") : null,
    el("h3", {}, meta.checked ? "Check it again" : "Run it again"), el("pre", {}, longBlock(meta.replay, visible)),
    ...fileLinks(),
    el("h3", {}, "Keys"), keyList(app),
    ...faultList(app),
    el("h3", {}, meta.checked ? "How it was checked" : "What was run"),
    el("table", { class: "fields" }, ...meta.settings.map(([name, value]) => field(name, value)),
      field("started", meta.started), field("replay", meta.exact), field("build", meta.build), field("machine", meta.machine), field("digest", meta.digest),
      field("operations", grouped(app.data.count)), field("ends", duration(meta.end))));
}

let servedFiles = null;

// keepFiles takes the links that a server has put into the page, if it has.
export function keepFiles() {
  servedFiles = document.getElementById("files");
}

function fileLinks() {
  return servedFiles ? [el("h3", {}, "Files"), servedFiles] : [];
}

const mostFaults = 300;

// faultList leads to each fault.
function faultList(app) {
  const { faults } = app.data.meta;
  if (faults.length === 0) return [];
  const show = (i) => {
    const room = Math.max((faults[i].end - faults[i].begin) * 0.3, 1e7);
    app.choose("fault", i);
    app.setWindow(faults[i].begin - room, faults[i].end + room);
  };
  return [el("details", {}, el("summary", {}, `${grouped(faults.length)} faults`), el("ul", {}, ...faults.slice(0, mostFaults).map((f, i) =>
    el("li", {}, button(brief(`${clockTime(f.begin, 1e6)} ${f.kind} ${f.subject}`, 80), "go to it", () => show(i)), " ", el("bdi", { class: "note" }, brief(f.detail, 120)))))),
  ];
}

// keyList offers the order of each key.
function keyList(app) {
  const { keys } = app.data;
  const bad = new Set(app.data.meta.violations.filter((v) => v.key !== null).map((v) => v.key));
  const ordered = app.data.meta.parts.some((p) => p.name === "linearizable");
  const select = el("select", { "aria-label": "Key", id: "order-key" });
  const names = keys.values.map((v) => app.data.text(v, 200)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  for (const name of names.slice(0, 5000)) select.append(el("option", { value: name }, (visible(name) || "(no key)") + (bad.has(name) ? ordered ? " – not linearizable" : " – invalid" : "")));
  return el("p", {}, select, " ", !ordered ? null : button("show its linearization", "the order in which the operations took effect (o)", () => {
    app.showOrder(select.value);
    app.setQuery("");
  }));
}
