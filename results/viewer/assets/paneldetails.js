import { button, el, fill, longBlock } from "./dom.js";
import { brief, clockTime, duration, visible } from "./format.js";
import { outcomeNames, lowerBound } from "./rundata.js";
import { cone } from "./messages.js";

const neighbourCount = 4;
const logLines = 8;

// detailsPanel shows all that was recorded of the chosen operation, message or fault.
export function detailsPanel(app, panel) {
  if (app.state.message >= 0) fill(panel, ...messageDetails(app, app.state.message));
  else if (app.state.operation >= 0) fill(panel, ...operationDetails(app, app.state.operation));
  else if (app.state.fault >= 0) fill(panel, ...faultDetails(app, app.data.meta.faults[app.state.fault]));
  else fill(panel, el("p", {}, "Choose an operation or a fault: click on it, or press ", el("kbd", {}, "n"), " for an operation."));
}

function operationDetails(app, row) {
  const { data } = app;
  const input = data.value(data.input[row], Infinity), output = data.value(data.output[row], Infinity);
  const node = data.text(data.node[row]);
  const field = (name, value) => (value === "" ? null : el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
  const wordy = (text) => (text === "" ? "" : longBlock(text, visible));
  return [
    el("h2", {}, el("span", { class: "shape " + outcomeNames[data.outcome[row]] }), el("bdi", {}, visible(data.name(row)))),
    el("table", { class: "fields" },
      field("outcome", outcomeNames[data.outcome[row]]),
      field("process", String(data.process[row])),
      field("function", wordy(data.text(data.f[row]))),
      field("key", wordy(data.text(data.key[row]))),
      field("argument", wordy(input)),
      field("result", wordy(output)),
      field("error", wordy(data.text(data.reason[row]))),
      field("node", wordy(node)),
      field("invoked", `${clockTime(data.invoke[row], 1)}, event ${data.invoked[row]}`),
      field("completed", data.ret[row] < 0 ? "never" : `${clockTime(data.ret[row], 1)}, event ${data.returned[row]}`),
      field("latency", data.ret[row] < 0 ? "" : duration(data.ret[row] - data.invoke[row])),
      field("log index", data.logIndex[row] > 0 ? `${data.logIndex[row]} (claimed)` : ""),
      field("place", app.scene.order && app.scene.order[row] > 0 ? `${app.scene.order[row]} in the order of its key` : "")),
    ...nodesAt(app, row),
    el("h3", {}, "On the same key"),
    el("ul", { class: "neighbours" }, ...app.scene.neighbours(row, neighbourCount).map((r) => neighbour(app, r, r === row))),
    ...nodeLog(app, node, data.invoke[row], data.stop(row)),
  ];
}

function neighbour(app, row, here) {
  const { data } = app;
  const b = button("", "go to it", () => app.select(row, true), { class: "operation", "aria-current": here ? "true" : null });
  const who = `process ${data.process[row]} · ${clockTime(data.invoke[row], 1e5)}`;
  b.append(el("span", { class: "shape " + outcomeNames[data.outcome[row]] }), el("bdi", {}, visible(data.name(row))), el("small", {}, who));
  return el("li", {}, b);
}

// nodesAt is what the nodes were when an operation was answered or, if it never was, invoked; its own node stands out.
function nodesAt(app, row) {
  const { data, scene: { nodes } } = app;
  if (nodes.length === 0) return [];
  const answered = data.ret[row] >= 0, time = answered ? data.ret[row] : data.invoke[row];
  const indices = nodes.sampled ? ["last", "commit", "applied", "snapshot"] : [];
  const head = ["node", "role", nodes.termWord, ...(nodes.sampled ? ["log", "committed", "applied", "snapshot"] : [])];
  const own = data.text(data.node[row]);
  const lines = nodes.names.map((name, node) => {
    const s = nodes.segment(node, time), p = nodes.sample(node, time) || {};
    const cells = [brief(name, 40), brief(s.role, 40), s.term || "", ...indices.map((i) => p[i] ?? "")];
    return el("tr", { class: name === own ? "own" : null }, ...cells.map((x) => el("td", {}, String(x))));
  });
  const sampled = Math.max(-1, ...nodes.names.map((_, node) => nodes.sample(node, time)?.time ?? -1));
  return [el("h3", {}, answered ? "Nodes when it was answered" : "Nodes when it was invoked"),
    el("div", { class: "scroll" }, el("table", { class: "grid" }, el("tr", {}, ...head.map((h) => el("th", { scope: "col" }, h))), ...lines)),
    sampled < 0 ? null : el("p", { class: "note" }, `Roles and ${nodes.termWord}s are those of that moment; logs were last looked at before it, at ${clockTime(sampled, 1e6)}.`)];
}

// nodeLog is what the node of an operation logged around it.
function nodeLog(app, name, begin, end) {
  const log = app.scene.nodes.log(name);
  if (log.lines.length === 0) return [];
  const from = Math.max(0, lowerBound(log.times, begin, 0, log.times.length) - logLines);
  const to = Math.min(log.lines.length, lowerBound(log.times, end, 0, log.times.length) + logLines);
  const lines = log.lines.slice(from, Math.min(to, from + 5 * logLines));
  return [el("h3", {}, `Log of ${brief(name, 60)} around it`), el("div", { class: "log", tabindex: "0" }, ...lines.map((line, i) => {
    const at = log.times[from + i];
    return el("div", { class: at >= begin && at <= end ? "within" : "" }, el("bdi", {}, brief(line, 600)));
  }))];
}

function messageDetails(app, i) {
  const m = app.scene.messages, { data } = app;
  const partner = m.partner(i);
  const field = (name, value) => (value === "" ? null : el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
  const c = app.state.cone ? cone(m, i) : null;
  return [
    el("h2", {}, el("bdi", {}, visible(data.text(m.kind[i], 200)))),
    el("table", { class: "fields" },
      field("from", visible(data.text(m.from[i], 200))), field("to", visible(data.text(m.to[i], 200))),
      field("sent", clockTime(m.sent[i], 1)), field("received", m.lost(i) ? "never" : `${clockTime(m.received[i], 1)}, ${duration(m.received[i] - m.sent[i])} later`),
      field(data.meta.term_word, m.term[i] ? String(m.term[i]) : ""), field("detail", longBlock(data.text(m.detail[i]), visible)), field("clocks", visible(data.text(m.clock[i], 400))),
      field("number", String(m.id[i]))),
    partner < 0 ? null : button(m.replyTo[i] ? "the request that it answers" : "its answer", "", () => app.selectMessage(partner)),
    " ", button(c ? "hide what happened before and after" : "what happened before and after", "h", () => {
      app.state.cone = !app.state.cone;
      app.changed();
    }),
    c ? el("p", { class: "note" }, "Shaded on the left is what can have caused its sending, on the right what it can have influenced. " +
      "The rest happened beside it.") : null,
  ];
}

// faultDetails shows a fault with those that were begun with it.
function faultDetails(app, fault) {
  const { faults } = app.data.meta;
  const together = faults.filter((f) => f.kind === fault.kind && f.begin === fault.begin && f.detail === fault.detail);
  const end = Math.max(...together.map((f) => f.end));
  const field = (name, value) => (value === "" ? null : el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
  const room = Math.max((end - fault.begin) * 0.3, 1e7);
  return [
    el("h2", {}, el("bdi", {}, brief(fault.kind, 60))),
    el("table", { class: "fields" },
      field("on", brief(together.map((f) => f.subject).join(", "), 300)), field("how", longBlock(fault.detail, visible)),
      field("from", clockTime(fault.begin, 1e6)), field("to", end >= app.data.end ? "the end" : clockTime(end, 1e6)), field("lasts", duration(end - fault.begin))),
    button("show all of it", "", () => app.setWindow(fault.begin - room, end + room)),
  ];
}
