// layout says what is where on the canvas, in CSS pixels from its top left corner. Sections lie one below the other; only the
// lanes of operations scroll, within what the others leave.

const margin = 12; // on the right

// isNarrow tells whether a picture is so narrow that labels and lines of nodes get less room.
export function isNarrow(width) {
  return width < 560;
}

// gutterOf is the width of the labels' column.
export function gutterOf(width) {
  return isNarrow(width) ? 96 : 136;
}

// plotOf is the width of what is right of that.
export function plotOf(width) {
  return Math.max(50, width - gutterOf(width) - margin);
}

export const axisHeight = 24;
const gap = 8;
const leastLanes = 90;

export function layout(scene, state, width, height) {
  const l = { width, height, left: gutterOf(width), plot: plotOf(width) };
  let y = 0;
  const section = (name, rows, rowHeight, extra = 0) => {
    l[name] = { top: y, rowHeight, rows, height: rows * rowHeight + extra };
    if (l[name].height > 0) y += l[name].height + gap;
  };
  section("axis", 1, axisHeight);
  y -= gap - 2;
  section("faults", scene.faultLanes.length, 14);
  const nodeHeight = state.messages && scene.messages.count > 0 ? 50 : scene.nodes.sampled && !isNarrow(width) ? 38 : 22;
  section("nodes", scene.nodes.length, nodeHeight, state.messages && scene.messages.clients ? 16 : 0);
  section("involved", scene.involvedRows(state).length, 22, scene.involvedRows(state).length > 0 ? 4 : 0);
  const plots = state.plots ? { rate: 36, latency: 60 } : { rate: 0, latency: 0 };
  const below = plots.rate + plots.latency + (state.plots ? 3 * gap : 0);
  const rowHeight = state.lanes === "key" ? 14 : 20;
  const room = Math.max(leastLanes, height - y - below);
  const content = scene.lanes(state.lanes).count * rowHeight;
  l.least = y + Math.min(leastLanes, content) + gap + below; // the least height that has room for all of it
  l.lanes = { top: y, rowHeight, height: Math.min(room, content), content };
  y += l.lanes.height + gap;
  if (!state.plots) return l;
  const spare = Math.max(0, height - y - below + gap);
  l.rate = { top: y, height: plots.rate + Math.round(spare * 0.25) };
  l.latency = { top: y + l.rate.height + gap, height: plots.latency + Math.round(spare * 0.6) };
  return l;
}

// sectionAt is the name of the section at a height, "" between them.
export function sectionAt(l, y) {
  for (const name of ["axis", "faults", "nodes", "involved", "lanes", "rate", "latency"]) {
    const s = l[name];
    if (s && y >= s.top && y < s.top + s.height) return name;
  }
  return "";
}
