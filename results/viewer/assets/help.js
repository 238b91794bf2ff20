import { button, el } from "./dom.js";

let helpDialog = null;

// makeHelp makes the list of keys.
export function makeHelp(table) {
  helpDialog = el("dialog", { "aria-label": "Keys" },
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
