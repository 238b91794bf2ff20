import { brief, clockTime, niceStep } from "./format.js";
import { smallFont, smallWidth } from "./theme.js";

// paintAxis draws the scale of time and, behind everything, its grid.
export function paintAxis(frame) {
  const { ctx, layout, state, theme } = frame;
  const step = niceStep(frame.span, layout.plot / 110);
  const bottom = layout.height;
  for (let t = Math.ceil(state.t0 / step) * step; t <= state.t1; t += step) {
    const x = Math.round(frame.x(t)) + 0.5;
    ctx.strokeStyle = theme.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, layout.axis.height - 4);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    const text = clockTime(t, step);
    if (x + (text.length * smallWidth) / 2 > layout.width) continue;
    frame.text(text, x, layout.axis.height / 2 - 1, theme.faint, smallFont, "center");
  }
  frame.label("time", layout.axis.height / 2 - 1, theme.faint);
}

// paintFaults draws a lane of bands for each kind of fault.
export function paintFaults(frame) {
  const { ctx, layout, scene, state, theme } = frame;
  const chosen = frame.data.meta.faults[state.fault];
  scene.faultLanes.forEach((lane, i) => {
    const y = layout.faults.top + i * layout.faults.rowHeight;
    frame.label(brief(lane.kind, 40), y + layout.faults.rowHeight / 2, theme.ink);
    frame.clip(y, layout.faults.rowHeight, () => {
      ctx.fillStyle = theme["fault-" + lane.color];
      for (const fault of lane.faults) {
        const x0 = frame.x(fault.begin), x1 = Math.max(x0 + 2, frame.x(fault.end));
        if (x1 < layout.left || x0 > frame.right) continue;
        ctx.fillRect(x0, y + 1, x1 - x0, layout.faults.rowHeight - 3);
        if (fault !== chosen) continue;
        ctx.strokeStyle = theme.ink;
        ctx.lineWidth = 2;
        ctx.strokeRect(x0, y + 1, x1 - x0, layout.faults.rowHeight - 3);
      }
    });
  });
}

// paintShade lets the faults shine through behind all that is below them; those of a kind that overlap, once.
export function paintShade(frame) {
  const { ctx, layout, scene, theme } = frame;
  const top = layout.faults.top + layout.faults.height;
  frame.clip(top, layout.height - top, () => {
    ctx.globalAlpha = 0.1;
    for (const lane of scene.faultLanes) {
      ctx.fillStyle = theme["fault-" + lane.color];
      let shaded = layout.left;
      for (const fault of lane.faults) {
        const x0 = Math.max(shaded, frame.x(fault.begin)), x1 = Math.min(frame.right, Math.max(frame.x(fault.begin) + 2, frame.x(fault.end)));
        if (x1 <= x0) continue;
        ctx.fillRect(x0, top, x1 - x0, layout.height);
        shaded = x1;
      }
    }
    ctx.globalAlpha = 1;
  });
}
