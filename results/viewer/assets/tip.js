import { brief, clockTime, duration } from "./format.js";
import { el, fill } from "./dom.js";
import { outcomeNames } from "./rundata.js";

const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });

// showTip says beside the pointer what is under it.
export function showTip(app, what, e) {
  const lines = tipLines(app, what);
  tip.hidden = lines.length === 0;
  if (tip.hidden) return;
  if (!tip.isConnected) document.body.append(tip);
  fill(tip, ...lines.map((line, i) => el(i === 0 ? "b" : "div", {}, el("bdi", {}, brief(line, 200)))));
  const x = e.clientX + 14 + tip.offsetWidth > innerWidth ? e.clientX - 14 - tip.offsetWidth : e.clientX + 14;
  tip.style.left = `${Math.max(4, x)}px`;
  tip.style.top = `${Math.min(e.clientY + 14, innerHeight - tip.offsetHeight - 4)}px`;
}

export function hideTip() {
  tip.hidden = true;
}

function tipLines(app, what) {
  const { data, scene } = app;
  switch (what.kind) {
    case "operation": {
      const row = what.row;
      const took = data.ret[row] < 0 ? "nothing completes it" : duration(data.ret[row] - data.invoke[row]);
      return [data.name(row), `${outcomeNames[data.outcome[row]]} · process ${data.process[row]} · ${data.text(data.key[row], 60) || "no key"}`,
        `${duration(data.invoke[row])} + ${took}${data.node[row] ? " · " + data.text(data.node[row], 60) : ""}`];
    }
    case "message":
      return [data.text(scene.messages.kind[what.message], 80), scene.messages.sentence(what.message), data.text(scene.messages.detail[what.message], 160),
        data.text(scene.messages.clock[what.message], 200)].filter(Boolean);
    case "fault":
      return what.faults.slice(0, 4).flatMap((f) => [`${f.kind} ${f.subject}`, `${f.detail} · ${clockTime(f.begin, 1e6)} to ${clockTime(f.end, 1e6)}`]);
    case "node":
      return nodeLines(scene.nodes, what.node, what.time);
    default:
      return [];
  }
}

function nodeLines(nodes, node, time) {
  const s = nodes.segment(node, time), p = nodes.sample(node, time);
  const lines = [`${nodes.names[node]}: ${s.role}${s.term ? `, ${nodes.termWord} ${s.term}` : ""}`, `${clockTime(s.begin, 1e6)} to ${clockTime(s.end, 1e6)}`];
  if (p) lines.push(`at ${clockTime(p.time, 1e6)}: log ${p.last} · committed ${p.commit} · applied ${p.applied}${p.snapshot ? " · snapshot " + p.snapshot : ""}`);
  return lines;
}
