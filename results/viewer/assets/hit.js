import { sectionAt } from "./layout.js";
import { rowRange } from "./paintlanes.js";
import { dotPlace } from "./paintplots.js";
import { messageShape } from "./paintmessages.js";
import { captionPlace, involvedBar } from "./paintinvolved.js";

const near = 4; // px

// hit is what is under a point of the canvas: {kind, …} with kind operation, message, node, fault or "".
export function hit(frame, x, y) {
  if (x < frame.layout.left || x > frame.right) return { kind: "" };
  switch (sectionAt(frame.layout, y)) {
    case "involved": return involvedAt(frame, x, y);
    case "lanes": return barAt(frame, x, y);
    case "latency": return dotAt(frame, x, y);
    case "faults": return faultAt(frame, x, y);
    case "nodes": return messageAt(frame, x, y) || nodeAt(frame, x, y);
    default: return { kind: "" };
  }
}

// involvedAt is the operation of a line if the point is at its bar or at what stands beside that.
function involvedAt(frame, x, y) {
  const i = Math.floor((y - frame.layout.involved.top) / frame.layout.involved.rowHeight);
  const o = frame.scene.involvedRows(frame.state)[i];
  if (!o) return { kind: "" };
  const bar = involvedBar(frame, o), beside = captionPlace(frame, o) || bar;
  const x0 = Math.min(bar.x0, beside.x0), x1 = Math.max(bar.x1, beside.x1);
  return x >= x0 - near && x <= x1 + near ? { kind: "operation", row: o.row } : { kind: "" };
}

function barAt(frame, x, y) {
  const { layout, state, scene, data } = frame;
  const lanes = scene.lanes(state.lanes);
  const lane = Math.floor((y - layout.lanes.top + state.scroll) / layout.lanes.rowHeight);
  if (lane < 0 || lane >= lanes.count) return { kind: "" };
  const [from, to] = rowRange(data, lanes, lane, frame.time(x - near), frame.time(x + near));
  return closest(lanes.rows.subarray(from, to), scene.shown, (row) => {
    const x0 = frame.x(data.invoke[row]), x1 = frame.x(data.stop(row));
    return x < x0 ? x0 - x : Math.max(0, x - Math.max(x1, x0 + 2));
  });
}

function dotAt(frame, x, y) {
  const { data, scene } = frame;
  const from = data.firstFrom(frame.time(x - 2 * near)), to = Math.min(data.firstFrom(frame.time(x + 2 * near)), from + 100_000);
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  return closest(rows, scene.shown, (row) => {
    const dot = dotPlace(frame, row);
    return Math.hypot(dot.x - x, dot.y - y) - near;
  });
}

// closest is the operation whose distance is least, if that is little.
function closest(rows, shown, distance) {
  let best = -1, least = near;
  for (const row of rows) {
    if (shown && !shown[row]) continue;
    const d = distance(row);
    if (d <= least) {
      best = row;
      least = d;
    }
  }
  return best < 0 ? { kind: "" } : { kind: "operation", row: best };
}

function faultAt(frame, x, y) {
  const lane = frame.scene.faultLanes[Math.floor((y - frame.layout.faults.top) / frame.layout.faults.rowHeight)];
  const found = lane ? lane.faults.filter((f) => frame.x(f.begin) - near <= x && x <= frame.x(f.end) + near) : [];
  return found.length > 0 ? { kind: "fault", faults: found, fault: frame.data.meta.faults.indexOf(found[0]) } : { kind: "" };
}

function nodeAt(frame, x, y) {
  const node = Math.floor((y - frame.layout.nodes.top) / frame.layout.nodes.rowHeight);
  return node < frame.scene.nodes.length ? { kind: "node", node, time: frame.time(x) } : { kind: "" };
}

function messageAt(frame, x, y) {
  const { scene, state } = frame;
  if (!state.messages || scene.messages.count === 0) return null;
  let best = -1, least = near + 1;
  for (const i of scene.messages.between(frame.time(x - near), frame.time(x + near))) {
    const d = distanceTo(messageShape(frame, i), x, y);
    if (d < least) {
      best = i;
      least = d;
    }
  }
  return best < 0 ? null : { kind: "message", message: best };
}

// distanceTo is how far a point is from a line.
function distanceTo({ x0, y0, x1, y1 }, x, y) {
  const dx = x1 - x0, dy = y1 - y0;
  const share = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / Math.max(1e-9, dx * dx + dy * dy)));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
