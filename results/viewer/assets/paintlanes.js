import { drawBar, outline } from "./bars.js";
import { Density, walkable } from "./density.js";
import { isNarrow } from "./layout.js";

const density = new Density();
const dim = 0.22;

// rowRange is the part of a lane's rows that a span of time shows, with the one that began before.
export function rowRange(data, lanes, lane, t0, t1) {
  const { rows, starts } = lanes;
  const bound = (time) => {
    let low = starts[lane], high = starts[lane + 1];
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (data.invoke[rows[mid]] < time) low = mid + 1;
      else high = mid;
    }
    return low;
  };
  return [Math.max(starts[lane], bound(t0) - 1), bound(t1)];
}

// laneTop is where a lane is now.
export function laneTop(layout, state, lane) {
  return layout.lanes.top + lane * layout.lanes.rowHeight - state.scroll;
}

// paintLanes draws the operations: as bars where they are wide enough, and as density where they are not.
export function paintLanes(frame) {
  const { layout, state, scene } = frame;
  const lanes = scene.lanes(state.lanes);
  const { top, height, rowHeight } = layout.lanes;
  const first = Math.max(0, Math.floor(state.scroll / rowHeight));
  const last = Math.min(lanes.count, Math.ceil((state.scroll + height) / rowHeight));
  const strong = scene.strong(state);
  const { plain, dense } = sorted(frame, lanes, first, last);
  paintLabels(frame, lanes, first, last);
  frame.clip(top, height, () => {
    frame.ctx.globalAlpha = strong ? dim : 1;
    paintDense(frame, lanes, dense, first, last - first, scene.shown, false);
    for (const { lane, range } of plain) paintBars(frame, lanes, lane, range, null, false);
    frame.ctx.globalAlpha = 1;
    if (!strong) return;
    if (scene.found && !scene.violation(state) && state.linearization === null) paintDense(frame, lanes, dense, first, last - first, scene.found, true);
    else for (const { lane, range } of dense) paintStrong(frame, lanes, lane, range);
    for (const { lane, range } of plain) paintBars(frame, lanes, lane, range, strong, true);
  });
  paintScrollbar(frame);
}

// sorted tells which lanes are wide enough for bars: mostly all are or none is, so that they look alike.
function sorted(frame, lanes, first, last) {
  const seen = [];
  let rows = 0;
  for (let lane = first; lane < last; lane++) {
    const range = rowRange(frame.data, lanes, lane, frame.state.t0, frame.state.t1);
    seen.push({ lane, range });
    rows += range[1] - range[0];
  }
  const crowded = rows / seen.length > frame.layout.plot / 5;
  const isDense = ({ range }) => range[1] - range[0] > frame.layout.plot / (crowded ? 20 : 2);
  return { plain: seen.filter((l) => !isDense(l)), dense: seen.filter(isDense) };
}

function paintLabels(frame, lanes, first, last) {
  const { ctx, layout, state, theme } = frame;
  const { top, height, rowHeight } = layout.lanes;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, top, frame.right, height);
  ctx.clip();
  for (let lane = first; lane < last; lane++) {
    const y = laneTop(layout, state, lane);
    const stripe = lanes.by === "key" ? lanes.groups[lane] % 2 : lane % 2;
    if (stripe) {
      ctx.globalAlpha = 0.035;
      ctx.fillStyle = theme.ink;
      ctx.fillRect(0, y, frame.right, rowHeight);
      ctx.globalAlpha = 1;
    }
    frame.label(lanes.label(lane, state.t0, state.t1, isNarrow(layout.width)), y + rowHeight / 2 + 0.5, theme.ink);
  }
  ctx.restore();
}

function paintDense(frame, lanes, dense, first, count, keep, searching) {
  if (dense.length === 0) return;
  const { ctx, layout, state, theme, scene, scale } = frame;
  const pyramid = searching ? scene.foundPyramid(lanes) : lanes.pyramid;
  density.begin(Math.round(layout.plot * scale), count);
  for (const { lane, range } of dense) {
    if (walkable(range[1] - range[0], pyramid, frame.span)) {
      density.walk(lane - first, frame.data, lanes.rows, range[0], range[1], keep, state.t0, frame.span, theme.pixels);
    } else {
      density.lane(lane - first, pyramid, lane, state.t0, frame.span, theme.pixels);
    }
  }
  density.end(ctx, layout.left, laneTop(layout, state, first), layout.plot, count * layout.lanes.rowHeight);
}

function paintBars(frame, lanes, lane, range, only, strong) {
  const { scene, layout, state } = frame;
  const y = laneTop(layout, state, lane) + 2, h = layout.lanes.rowHeight - 4;
  for (let k = range[0]; k < range[1]; k++) {
    const row = lanes.rows[k];
    if ((scene.shown && !scene.shown[row]) || (only && !only(row))) continue;
    drawBar(frame, row, y, h);
    if (strong && scene.violation(state)) outline(frame, row, y, h, frame.theme.invalid, 2);
  }
}

// paintStrong draws what stands out of a lane that is too dense for bars.
function paintStrong(frame, lanes, lane, range) {
  const { scene, state, layout } = frame;
  const v = scene.violation(state);
  const rows = v ? v.operations.map((o) => o.row) : scene.orderOf(state.linearization).map((r) => r.row);
  const y = laneTop(layout, state, lane) + 2, h = layout.lanes.rowHeight - 4;
  for (const row of rows) {
    if (lanes.laneOf[row] !== lane || row < lanes.rows[range[0]] || row > lanes.rows[range[1] - 1]) continue;
    drawBar(frame, row, y, h);
    if (v) outline(frame, row, y, h, frame.theme.invalid, 2);
  }
}

function paintScrollbar(frame) {
  const { ctx, layout, state, theme } = frame;
  const { top, height, content } = layout.lanes;
  if (content <= height) return;
  ctx.fillStyle = theme.faint;
  ctx.globalAlpha = 0.5;
  ctx.fillRect(frame.right + 4, top + (state.scroll / content) * height, 5, Math.max(12, (height / content) * height));
  ctx.globalAlpha = 1;
}

// paintSelection marks the operation that is looked at.
export function paintSelection(frame) {
  const { state, scene, layout, theme } = frame;
  if (state.operation < 0) return;
  const lanes = scene.lanes(state.lanes);
  const y = laneTop(layout, state, lanes.laneOf[state.operation]) + 2;
  frame.clip(layout.lanes.top, layout.lanes.height, () => {
    drawBar(frame, state.operation, y, layout.lanes.rowHeight - 4);
    outline(frame, state.operation, y, layout.lanes.rowHeight - 4, theme.ink, 2);
  });
}
