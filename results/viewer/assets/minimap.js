import { gutterOf, plotOf } from "./layout.js";

// paintMinimap draws the whole run in a strip: how much went on, what was broken, who led, the violations, and the part that is shown.
export function paintMinimap(ctx, scene, state, theme, width, height) {
  const { data } = scene;
  const left = gutterOf(width), plot = plotOf(width);
  const x = (time) => left + (time / data.end) * plot;
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = theme.card;
  ctx.fillRect(left, 0, plot, height);
  for (const lane of scene.faultLanes) {
    ctx.fillStyle = theme["fault-" + lane.color];
    ctx.globalAlpha = 0.35;
    for (const f of lane.faults) ctx.fillRect(x(f.begin), 0, Math.max(1, x(f.end) - x(f.begin)), 4);
    ctx.globalAlpha = 1;
  }
  const n = Math.floor(plot / 2);
  const counts = new Float32Array(3 * n);
  scene.total.columns(0, 0, data.end / n, n, counts);
  let most = 1;
  for (let i = 0; i < n; i++) most = Math.max(most, counts[3 * i] + counts[3 * i + 1] + counts[3 * i + 2]);
  for (let i = 0; i < n; i++) {
    let y = height;
    for (let o = 0; o < 3; o++) {
      const h = (counts[3 * i + o] / most) * (height - 8);
      ctx.fillStyle = theme.outcomes[o];
      ctx.fillRect(left + 2 * i, y - h, 2, h);
      y -= h;
    }
  }
  ctx.fillStyle = theme.invalid;
  for (const v of data.meta.violations) for (const o of v.operations) ctx.fillRect(x(data.invoke[o.row]) - 1, 0, 2, height);
  paintMinimapWindow(ctx, x(state.t0), x(state.t1), left, plot, theme, height);
}

function paintMinimapWindow(ctx, from, to, left, plot, theme, height) {
  const x0 = Math.max(left, Math.min(from, left + plot - 3)), x1 = Math.max(x0 + 3, Math.min(to, left + plot));
  ctx.fillStyle = theme.paper;
  ctx.globalAlpha = 0.6;
  ctx.fillRect(left, 0, x0 - left, height);
  ctx.fillRect(x1, 0, left + plot - x1, height);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 2;
  ctx.strokeRect(x0, 1, x1 - x0, height - 2);
}

// minimapTime is the time at a place of the minimap.
export function minimapTime(scene, width, px) {
  return Math.max(0, Math.min(1, (px - gutterOf(width)) / plotOf(width))) * scene.data.end;
}
