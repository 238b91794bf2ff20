import { clockTime, niceStep } from "./format.js";
import { smallFont } from "./theme.js";

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
    frame.text(clockTime(t, step), x, layout.axis.height / 2 - 1, theme.faint, smallFont, "center");
  }
  frame.label("time", layout.axis.height / 2 - 1, theme.faint);
}

// paintFaults draws a lane of bands for each kind of fault, and lets each shine through what is below.
export function paintFaults(frame) {
  const { ctx, layout, scene, theme } = frame;
  scene.faultLanes.forEach((lane, i) => {
    const y = layout.faults.top + i * layout.faults.rowHeight;
    frame.label(lane.kind, y + layout.faults.rowHeight / 2, theme.ink);
    frame.clip(0, layout.height, () => {
      const color = theme["fault-" + lane.color];
      let shaded = -Infinity;
      for (const fault of lane.faults) {
        const x0 = frame.x(fault.begin), x1 = Math.max(x0 + 2, frame.x(fault.end));
        if (x1 < layout.left || x0 > frame.right) continue;
        ctx.fillStyle = color;
        ctx.fillRect(x0, y + 1, x1 - x0, layout.faults.rowHeight - 3);
        const from = Math.max(x0, shaded); // where faults of a kind overlap, they shine through once
        if (x1 > from) {
          ctx.globalAlpha = 0.1;
          ctx.fillRect(from, layout.faults.top + layout.faults.height, x1 - from, layout.height);
          ctx.globalAlpha = 1;
          shaded = x1;
        }
      }
    });
  });
}
