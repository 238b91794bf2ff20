// layout says what is where on the canvas, in CSS pixels from its top left corner. Sections lie one below the other; only the
// lanes of operations scroll, within what the others leave.

export const gutter = 136; // the labels' column
const margin = 12; // on the right

export const axisHeight = 24;
const gap = 8;
const leastLanes = 90;

export function layout(scene, state, width, height) {
  const l = { width, height, left: gutter, plot: Math.max(50, width - gutter - margin) };
  let y = 0;
  const section = (name, rows, rowHeight, extra = 0) => {
    l[name] = { top: y, rowHeight, rows, height: rows * rowHeight + extra };
    if (l[name].height > 0) y += l[name].height + gap;
  };
  section("axis", 1, axisHeight);
  y -= gap - 2;
  section("faults", scene.faultLanes.length, 14);
  const nodeHeight = state.messages && scene.messages.count > 0 ? 50 : scene.nodes.sampled ? 38 : 22;
  section("nodes", scene.nodes.length, nodeHeight, state.messages && scene.messages.clients ? 16 : 0);
  section("involved", scene.involvedRows(state).length, 22, scene.involvedRows(state).length > 0 ? 4 : 0);
  const plots = state.plots ? { rate: 36, latency: 60 } : { rate: 0, latency: 0 };
  const below = plots.rate + plots.latency + (state.plots ? 3 * gap : 0);
  const rowHeight = state.lanes === "key" ? 14 : 20;
  const room = Math.max(leastLanes, height - y - below);
  const content = scene.lanes(state.lanes).count * rowHeight;
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
