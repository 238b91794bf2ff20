import { button, el } from "./dom.js";

let helpDialog = null;

// legend says what the marks of the picture mean: class of the swatch, text.
const legend = [
  ["shape ok", "ok: the operation took effect while its bar lasts"],
  ["shape fail", "fail: it never takes effect"],
  ["shape info", "info: nobody knows whether it took effect, or when; the dashes say that it may do so later"],
  ["swatch broken", "red outline: one of the operations that show the violation"],
  ["swatch leader", "node: leads, in the term that stands there"],
  ["swatch candidate", "node: stands for election"],
  ["swatch follower", "node: follows"],
  ["swatch paused", "node: paused"],
  ["swatch down", "node: down"],
  ["swatch indices", "thin lines below a node: the end of its log, and darker how much of it is committed"],
  ["swatch snapshot", "triangle below a node: a snapshot was taken or installed"],
  ["swatch fault", "bar at the top, and the same colour behind everything below: a fault was in effect; click on it for more"],
  ["swatch dots", "latency: a dot for each operation, × for fail, ▲ for info"],
];

const messageLegend = [
  ["swatch append", "message: entries of the log"], ["swatch vote", "message: votes"], ["swatch snap", "message: snapshots"],
  ["swatch heartbeat", "message: heartbeats"], ["swatch client", "message: from and to clients, and whatever else there is"],
  ["swatch lost", "message: never received"],
];

const cycleLegend = [
  ["swatch ww", "ww: the second operation wrote a later version of the key than the first"], ["swatch wr", "wr: the second read what the first wrote"],
  ["swatch rw", "rw: the first read a version that the second overwrote, or looked for keys of which the second added one"], ["swatch process", "process: one process did them, in this order"],
  ["swatch realtime", "realtime: the first had returned before the second was invoked"],
];

// makeHelp makes the list of marks and keys: those of messages if there are any, and those of the graph of a violation likewise.
export function makeHelp(table, traced, drawn) {
  helpDialog = el("dialog", { "aria-label": "Legend and keys" },
    el("h2", {}, "Legend"),
    el("table", { class: "legend" }, ...[...legend, ...(traced ? messageLegend : []), ...(drawn ? cycleLegend : [])].map(([mark, text]) => el("tr", {}, el("td", {}, el("span", { class: mark })), el("td", {}, text)))),
    el("h2", {}, "Keys"),
    el("table", {}, ...table.map(([keys, what]) => el("tr", {}, el("th", { scope: "row" }, ...keys.split(" ").map((k) => el("kbd", {}, k))), el("td", {}, what)))),
    el("p", {}, "The wheel zooms, with Shift it pans and with Alt it scrolls the lanes; dragging moves; a click chooses; a double click zooms in. " +
      "A search is words of the form key=k3 process=7 value=5 type=info f=read node=n1 error=timeout latency>20ms, of which all must hold; != is the opposite."),
    button("Close", "Esc", () => helpDialog.close()));
  helpDialog.addEventListener("keydown", (e) => e.key === "?" && helpDialog.close());
  document.body.append(helpDialog);
}

export function toggleHelp() {
  if (helpDialog.open) helpDialog.close();
  else helpDialog.showModal();
}
