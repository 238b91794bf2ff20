import { FAIL, INFO } from "./rundata.js";
import { Density } from "./density.js";
import { duration } from "./format.js";
import { smallFont } from "./theme.js";

const cloud = new Density();
const mostDots = 2500;
const column = 3; // px

// paintRate draws how many operations were invoked a second, by outcome, one on top of the other.
export function paintRate(frame) {
  const { ctx, layout, theme } = frame;
  const { top, height } = layout.rate;
  const n = Math.floor(layout.plot / column);
  const counts = rateCounts(frame, n);
  const width = frame.span / n;
  let most = 0;
  for (let x = 0; x < n; x++) most = Math.max(most, counts[3 * x] + counts[3 * x + 1] + counts[3 * x + 2]);
  frame.label("ops / s", top + 10, theme.ink);
  frame.label(`peak ${Math.round((most / width) * 1e9).toLocaleString("en-US")}`, top + 26, theme.faint, smallFont);
  frame.clip(top, height, () => {
    for (let x = 0; x < n && most > 0; x++) {
      let y = top + height;
      for (const [outcome, fill] of [[0, theme.ok], [FAIL, theme.fail], [INFO, theme.info]]) {
        const h = (counts[3 * x + outcome] / most) * (height - 2);
        if (h === 0) continue;
        const seen = outcome === 0 ? h : Math.max(2, h); // one among many is seen
        ctx.fillStyle = fill;
        ctx.fillRect(layout.left + x * column, y - seen, outcome === 0 ? column : column - 0.5, seen);
        y -= h;
      }
    }
  });
  rule(frame, top + height);
}

// rateCounts counts by column: from the pyramid or, where its buckets are too wide, operation by operation.
function rateCounts(frame, n) {
  const { scene, data, state } = frame;
  const counts = new Float32Array(3 * n);
  if (scene.total.buckets(frame.span) >= n) {
    scene.total.columns(0, state.t0, frame.span / n, n, counts);
    return counts;
  }
  for (let i = data.firstFrom(state.t0), end = data.firstFrom(state.t1); i < end; i++) {
    if (scene.shown && !scene.shown[i]) continue;
    const x = Math.min(n - 1, Math.floor(((data.invoke[i] - state.t0) / frame.span) * n));
    counts[3 * x + data.outcome[i]]++;
  }
  return counts;
}

// paintLatency draws a dot for each operation at its invocation, on a logarithmic scale, and a cloud where they are too many.
export function paintLatency(frame) {
  const { scene, data, state, layout, theme } = frame;
  const { top, height } = layout.latency;
  const from = data.firstFrom(state.t0), to = data.firstFrom(state.t1);
  frame.label("latency", top + 10, theme.ink);
  latencyScale(frame);
  const strong = scene.strong(state);
  frame.clip(top - 4, height + 8, () => {
    frame.ctx.globalAlpha = strong ? 0.3 : 1;
    if (to - from <= mostDots) for (let i = from; i < to; i++) paintDot(frame, i, 2.5);
    else paintCloud(frame);
    frame.ctx.globalAlpha = 1;
    if (strong && scene.violation(state)) for (const o of scene.violation(state).operations) paintDot(frame, o.row, 5);
    else if (strong && to - from <= mostDots) for (let i = from; i < to; i++) if (strong(i)) paintDot(frame, i, 3.5);
    if (state.operation >= 0) markDot(frame, state.operation);
  });
  rule(frame, top + height);
}

function paintCloud(frame) {
  const { scene, state, layout, theme, scale } = frame;
  const n = scene.latencyBins;
  cloud.begin(Math.round((layout.plot * scale) / 2), n);
  for (let bin = 0; bin < n; bin++) cloud.lane(n - 1 - bin, scene.latencies, bin, state.t0, frame.span, theme.pixels);
  cloud.end(frame.ctx, layout.left, layout.latency.top, layout.plot, layout.latency.height);
}

function latencyScale(frame) {
  const { scene, layout, theme } = frame;
  const { top, height } = layout.latency;
  const decades = Math.round(Math.log10(scene.highLatency / scene.lowLatency));
  const every = Math.max(1, Math.ceil(decades / Math.max(1, Math.floor(height / 22))));
  for (let d = 0; d <= decades; d += every) {
    const y = top + height - (d / decades) * height;
    rule(frame, y);
    frame.text(duration(scene.lowLatency * 10 ** d), layout.left - 8, Math.min(top + height - 5, Math.max(top + 5, y)), theme.faint, smallFont, "right");
  }
}

function rule(frame, y) {
  const { ctx, layout, theme } = frame;
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(layout.left, Math.round(y) + 0.5);
  ctx.lineTo(frame.right, Math.round(y) + 0.5);
  ctx.stroke();
}

// dotPlace is where the dot of a row is.
export function dotPlace(frame, row) {
  const { top, height } = frame.layout.latency;
  return { x: frame.x(frame.data.invoke[row]), y: top + height - frame.scene.latencyShare(row) * height };
}

// paintDot draws ok as a disc, fail as a cross and info as a triangle.
function paintDot(frame, row, r) {
  const { ctx, data, scene, theme } = frame;
  if (scene.shown && !scene.shown[row]) return;
  const { x, y } = dotPlace(frame, row);
  const outcome = data.outcome[row];
  ctx.beginPath();
  if (outcome === FAIL) {
    ctx.strokeStyle = theme.fail;
    ctx.lineWidth = 1.6;
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r);
    ctx.lineTo(x - r, y + r);
    ctx.stroke();
    return;
  }
  ctx.fillStyle = theme.outcomes[outcome];
  if (outcome === INFO) {
    ctx.moveTo(x, y - r - 1);
    ctx.lineTo(x + r + 1, y + r);
    ctx.lineTo(x - r - 1, y + r);
  } else ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}

function markDot(frame, row) {
  const { x, y } = dotPlace(frame, row);
  frame.ctx.strokeStyle = frame.theme.ink;
  frame.ctx.lineWidth = 2;
  frame.ctx.strokeRect(x - 6, y - 6, 12, 12);
}
